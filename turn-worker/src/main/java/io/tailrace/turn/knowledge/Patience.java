package io.tailrace.turn.knowledge;

import io.tailrace.worker.attempt.StopSignal;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** How long one retrieval may take, and whether it has to stop before. Thread-safe. */
final class Patience {
    private static final Duration PAUSE = Duration.ofMillis(200);

    private final LongSupplier nanoTime;
    private final long until;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final CompletableFuture<Void> stop = new CompletableFuture<>();

    Patience(Duration within, LongSupplier nanoTime, StopSignal signal) {
        this.nanoTime = nanoTime;
        this.until = nanoTime.getAsLong() + within.toNanos();
        signal.whenStopped(stopped::countDown);
        signal.whenStopped(() -> stop.complete(null));
    }

    boolean isStopped() {
        return stopped.getCount() == 0;
    }

    /** Done when it has to stop. */
    CompletableFuture<Void> stop() {
        return stop;
    }

    /** Never negative. */
    Duration left() {
        return Duration.ofNanos(Math.max(0, until - nanoTime.getAsLong()));
    }

    Duration leftUpTo(Duration most) {
        Duration left = left();
        return left.compareTo(most) < 0 ? left : most;
    }

    /** Waits a moment before the next try; a stop ends it. */
    void pause() throws InterruptedException {
        boolean _ = stopped.await(leftUpTo(PAUSE).toNanos(), TimeUnit.NANOSECONDS);
    }
}
