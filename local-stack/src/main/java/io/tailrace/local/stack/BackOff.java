package io.tailrace.local.stack;

import java.time.Duration;

/**
 * How long a process that died waits until it is started again: a second, twice as long after each start that did not
 * last, at most a minute. One that ran for a minute counts as well again. Not thread-safe.
 */
final class BackOff {

    static final Duration FIRST = Duration.ofSeconds(1);
    static final Duration LONGEST = Duration.ofMinutes(1);
    static final Duration WELL_AFTER = Duration.ofMinutes(1);

    private int failuresInARow;

    /**
     * The time until the next start.
     *
     * @param ran how long it ran; zero for a start that failed
     */
    Duration afterEnd(Duration ran) {
        failuresInARow = ran.compareTo(WELL_AFTER) >= 0 ? 1 : Math.min(failuresInARow + 1, 1_000);
        int doublings = Math.min(failuresInARow - 1, 16);
        Duration delay = FIRST.multipliedBy(1L << doublings);
        return delay.compareTo(LONGEST) > 0 ? LONGEST : delay;
    }

    /** How many starts in a row did not last, the last one included. */
    int failuresInARow() {
        return failuresInARow;
    }
}
