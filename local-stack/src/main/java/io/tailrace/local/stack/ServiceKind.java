package io.tailrace.local.stack;

import java.util.Arrays;
import java.util.Optional;

/** The services of a stack, in the order in which they are ended. */
public enum ServiceKind {
    GATEWAY("gateway", "api-gateway"),
    BUILD_WORKER("build-worker", "build-worker"),
    TURN_WORKER("turn-worker", "turn-worker"),
    COORDINATOR("coordinator", "run-coordinator");

    private final String label;
    private final String module;

    ServiceKind(String label, String module) {
        this.label = label;
        this.module = module;
    }

    /** What its processes are called, before the number: {@code gateway-1}. */
    public String label() {
        return label;
    }

    /** The module its jar comes from. */
    String module() {
        return module;
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
