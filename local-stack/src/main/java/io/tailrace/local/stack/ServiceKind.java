package io.tailrace.local.stack;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The services of a stack, in the order in which they are ended. */
public enum ServiceKind {
    GATEWAY("gateway", "api-gateway", "768m"),
    BUILD_WORKER("build-worker", "build-worker", "384m"),
    TURN_WORKER("turn-worker", "turn-worker", "384m"),
    COORDINATOR("coordinator", "run-coordinator", "384m");

    private final String label;
    private final String module;
    private final String heap;

    ServiceKind(String label, String module, String heap) {
        this.label = label;
        this.module = module;
        this.heap = heap;
    }

    /** What its processes are called, before the number: {@code gateway-1}. */
    public String label() {
        return label;
    }

    /** The module its jar comes from. */
    String module() {
        return module;
    }

    /**
     * What its JVM does about memory, the largest heap first; the Dockerfile tells its containers the same. A worker that is short of
     * memory gives up the one stage that wants too much, and not all of them with itself.
     */
    List<String> memoryOptions() {
        return switch (this) {
            case GATEWAY, COORDINATOR -> List.of("-Xmx" + heap);
            case BUILD_WORKER, TURN_WORKER -> List.of("-Xmx" + heap, "-XX:-ExitOnOutOfMemoryError");
        };
    }

    String name(int number) {
        return label + "-" + number;
    }

    /** The kind of a process by its name; empty for a broker or an unknown name. */
    static Optional<ServiceKind> ofName(String name) {
        return Arrays.stream(values())
                .filter(kind -> name.matches(kind.label + "-[1-9][0-9]*"))
                .findFirst();
    }
}
