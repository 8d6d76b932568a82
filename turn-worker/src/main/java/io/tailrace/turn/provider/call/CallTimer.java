package io.tailrace.turn.provider.call;

import io.tailrace.turn.provider.CallTimeouts;
import java.util.Optional;

/**
 * How long a provider has been silent, in {@link System#nanoTime}. Written by the threads that read, read by the watchdog: guarded by
 * itself. The time in which a delta is handed on is not the provider's, and counts for the total only.
 */
final class CallTimer {

    private final CallTimeouts timeouts;
    private final long startedNanos;
    private long sinceNanos;
    private Limit waitingFor = Limit.FIRST_BYTE;
    private boolean paused;

    CallTimer(CallTimeouts timeouts, long startedNanos) {
        this.timeouts = timeouts;
        this.startedNanos = startedNanos;
        this.sinceNanos = startedNanos;
    }

    synchronized void arrived(long nowNanos) {
        if (waitingFor != Limit.TAIL) {
            waitingFor = Limit.BETWEEN_BYTES;
            sinceNanos = nowNanos;
        }
    }

    synchronized void pause() {
        paused = true;
    }

    synchronized void resume(long nowNanos) {
        paused = false;
        sinceNanos = nowNanos;
    }

    synchronized void finished(long nowNanos) {
        waitingFor = Limit.TAIL;
        sinceNanos = nowNanos;
    }

    synchronized Optional<Limit> exceeded(long nowNanos) {
        if (!paused && nowNanos - sinceNanos >= waitingFor.of(timeouts).toNanos()) {
            return Optional.of(waitingFor);
        }
        return nowNanos - startedNanos >= timeouts.total().toNanos() ? Optional.of(Limit.TOTAL) : Optional.empty();
    }

    /**
     * When to look again: not later than any limit could be exceeded, also one that only begins to count when something arrives. At
     * least 1.
     */
    synchronized long nanosLeft(long nowNanos) {
        long total = timeouts.total().toNanos() - (nowNanos - startedNanos);
        long silence = waitingFor.of(timeouts).toNanos() - (paused ? 0 : nowNanos - sinceNanos);
        long next = Math.min(timeouts.betweenBytes().toNanos(), Limit.TAIL_ALLOWED.toNanos());
        return Math.max(1, Math.min(Math.min(total, silence), next));
    }
}
