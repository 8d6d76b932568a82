package io.tailrace.cli.demo;

import io.tailrace.local.stack.LocalStack;
import io.tailrace.local.stack.ServiceKind;
import io.tailrace.local.stack.StackMember;
import io.tailrace.local.stack.StackOptions;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The demo's own turn-workers. Their ids bear a mark of this demo: on a Kafka cluster that others use too, somebody else's
 * {@code turn-worker-1} may take a turn, and ours with that name must not be taken for it.
 */
final class DemoWorkers {

    private static final int COUNT = 2;

    private final String mark;

    private DemoWorkers(String mark) {
        this.mark = mark;
    }

    static DemoWorkers marked() {
        return marked(UUID.randomUUID().toString().substring(0, 8));
    }

    static DemoWorkers marked(String mark) {
        return new DemoWorkers(mark);
    }

    /** One from the beginning; the other is started by {@link #startSecond}, when this machine has less to do. */
    void addTo(StackOptions.Builder options) {
        options.turnWorkers(1);
        for (int i = 1; i <= COUNT; i++) {
            options.environment(process(i), "TAILRACE_WORKER_ID", id(process(i)));
        }
    }

    private static String process(int number) {
        return ServiceKind.TURN_WORKER.label() + "-" + number;
    }

    /** What the process's {@code worker_id} begins with. */
    String id(String name) {
        return name + "-of-demo-" + mark;
    }

    /** The name of the process that calls itself so; empty if the demo has not started it. */
    Optional<String> name(String workerId) {
        return workerId.matches("turn-worker-[1-9]-of-demo-" + mark + "-.*")
                ? Optional.of(shown(workerId))
                : Optional.empty();
    }

    /** That process. */
    Optional<StackMember> process(LocalStack stack, String workerId) {
        return name(workerId).map(stack::member);
    }

    /** One is killed, the other goes on. Returns when it is ready. */
    StackMember startSecond(LocalStack stack) throws IOException {
        return stack.start(process(COUNT), Map.of());
    }

    /** Those that were killed. */
    void startAgain(LocalStack stack) throws IOException {
        for (int i = 1; i <= COUNT; i++) {
            StackMember worker = stack.member(process(i));
            if (!worker.isAlive()) {
                worker.start();
            }
        }
    }

    /** What a person is told: the process's name, or the id of one that is not the demo's. */
    static String shown(String workerId) {
        return workerId.replaceFirst("-of-demo-.*", "");
    }
}
