package io.tailrace.turn.provider.call;

import java.util.OptionalLong;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** Ends calls whose provider is silent for too long. One thread for all calls; safe from any thread. */
public final class Watchdog implements AutoCloseable {

    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("provider-watchdog").factory());

    public Watchdog() {
        timer.setRemoveOnCancelPolicy(true);
    }

    /** Looks after an exchange until the answer is closed. */
    Watch watch(Exchange exchange) {
        Watch watch = new Watch(exchange);
        watch.next(exchange.check(System.nanoTime()));
        return watch;
    }

    /** Lets go of all calls; those still running have no time-outs any more. */
    @Override
    public void close() {
        timer.shutdownNow();
    }

    final class Watch implements AutoCloseable, Runnable {

        private final Exchange exchange;
        private final AtomicReference<Future<?>> pending = new AtomicReference<>();
        private volatile boolean closed;

        private Watch(Exchange exchange) {
            this.exchange = exchange;
        }

        @Override
        public void run() {
            if (!closed) {
                next(exchange.check(System.nanoTime()));
            }
        }

        private void next(OptionalLong nanos) {
            if (nanos.isPresent() && !closed) {
                pending.set(timer.schedule(this, nanos.getAsLong(), TimeUnit.NANOSECONDS));
            }
        }

        @Override
        public void close() {
            closed = true;
            Future<?> next = pending.get();
            if (next != null) {
                next.cancel(false);
            }
        }
    }
}
