package io.tailrace.coordinator.host;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** Why the process ends itself; its exit code tells whoever supervises it (docs/operations.md). */
enum ProcessEnd {
    /** The log contradicts the configuration: the next process would end too. */
    MISCONFIGURED(2),
    /** Something could not be closed or was not mended by new sessions: the next process can work. */
    STOOD_STILL(3);

    private static final Logger LOG = LoggerFactory.getLogger(ProcessEnd.class);
    private static final Duration IN_ORDER_WITHIN = Duration.ofSeconds(20);

    private final int exitCode;

    ProcessEnd(int exitCode) {
        this.exitCode = exitCode;
    }

    /** Returns at once. Closing the context waits for threads of ours, so that has a thread of its own, and a bound. */
    void end(ConfigurableApplicationContext context, String reason) {
        LOG.error("The process ends with code {}: {}", exitCode, reason);
        Thread inOrder = Thread.ofPlatform()
                .name("process-end")
                .start(() -> System.exit(SpringApplication.exit(context, () -> exitCode)));
        Thread _ = Thread.ofPlatform().daemon().name("process-end-at-last").start(() -> {
            try {
                boolean _ = inOrder.join(IN_ORDER_WITHIN);
            } catch (InterruptedException e) {
                LOG.error("Ending at once", e);
            }
            Runtime.getRuntime().halt(exitCode);
        });
    }
}
