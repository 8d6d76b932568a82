package io.tailrace.turn.tool.mcp;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/** So many lines of a server's are logged in a while, and the others counted. Confined to one thread. */
final class LogBudget {
    private static final int LINES = 20;
    private static final long WINDOW_NANOS = Duration.ofSeconds(10).toNanos();

    private final LongSupplier nanoTime;
    private long windowBegin;
    private int logged;
    private long leftOut;

    LogBudget(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.windowBegin = nanoTime.getAsLong();
    }

    /** How many lines were left out before this one; empty if this one is too. */
    OptionalLong next() {
        long now = nanoTime.getAsLong();
        if (now - windowBegin >= WINDOW_NANOS) {
            windowBegin = now;
            logged = 0;
        }
        if (logged >= LINES) {
            leftOut++;
            return OptionalLong.empty();
        }
        logged++;
        long before = leftOut;
        leftOut = 0;
        return OptionalLong.of(before);
    }
}
