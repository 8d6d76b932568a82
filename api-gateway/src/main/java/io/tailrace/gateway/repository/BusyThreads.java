package io.tailrace.gateway.repository;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Threads for what keeps a processor busy for long. A virtual thread holds its carrier meanwhile, so that as many uploads as
 * there are processors would stop every stream of this gateway. Thread-safe.
 */
final class BusyThreads implements AutoCloseable {
    private final ExecutorService threads;

    /** @param count how many processors it may keep busy */
    BusyThreads(String name, int count) {
        this.threads = Executors.newFixedThreadPool(
                count, Thread.ofPlatform().daemon().name(name, 0).factory());
    }

    /** Half of the processors of this machine, at least one. */
    static int half() {
        return Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    }

    /** Waits for its turn and for what is done then. What that throws is thrown here; who is interrupted interrupts it. */
    <T> T run(Callable<T> work) throws InterruptedException {
        Future<T> done = threads.submit(work);
        try {
            return done.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw e.getCause() instanceof RuntimeException thrown ? thrown : new IllegalStateException(e.getCause());
        } finally {
            done.cancel(true);
        }
    }

    /** Interrupts what is being done. */
    @Override
    public void close() {
        threads.shutdownNow();
    }
}
