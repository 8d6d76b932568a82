package io.tailrace.service.life;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** Ends the process in order, and at last without: what starts it again does better than one that stands still. Thread-safe. */
public final class OrderlyEnd {
    private static final Logger LOG = LoggerFactory.getLogger(OrderlyEnd.class);

    private final ConfigurableApplicationContext context;
    private final Duration within;
    private final IntConsumer exit;
    private final IntConsumer halt;
    private final AtomicBoolean begun = new AtomicBoolean();

    OrderlyEnd(ConfigurableApplicationContext context, Duration within) {
        this(context, within, System::exit, Runtime.getRuntime()::halt);
    }

    /**
     * For tests: one that ends no JVM.
     *
     * @param within how long closing the context may take
     * @param exit gets the exit code when the context is closed
     * @param halt gets it when the time is up
     */
    public OrderlyEnd(ConfigurableApplicationContext context, Duration within, IntConsumer exit, IntConsumer halt) {
        this.context = context;
        this.within = within;
        this.exit = exit;
        this.halt = halt;
    }

    /** Returns at once; the first call counts. Closing the context waits for threads of ours, so it has its own. */
    public void end(ProcessEnd why, String reason) {
        if (!begun.compareAndSet(false, true)) {
            return;
        }
        int code = why.exitCode();
        LOG.error("The process ends with code {}: {}", code, reason);
        Thread inOrder = Thread.ofPlatform().name("process-end").start(() -> {
            try {
                int _ = SpringApplication.exit(context, () -> code);
            } catch (RuntimeException | Error e) {
                LOG.error("Not everything could be closed", e);
            } finally {
                exit.accept(code);
            }
        });
        Thread _ = Thread.ofPlatform().daemon().name("process-end-at-last").start(() -> {
            try {
                if (!inOrder.join(within)) {
                    halt.accept(code);
                }
            } catch (InterruptedException e) {
                LOG.error("Ending at once", e);
                halt.accept(code);
            }
        });
    }
}
