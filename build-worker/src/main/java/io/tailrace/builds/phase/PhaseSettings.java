package io.tailrace.builds.phase;

import java.time.Duration;

/**
 * How phases are run.
 *
 * @param killGrace from SIGTERM to SIGKILL
 * @param partialAfter how long a line may stay unfinished before what there is of it is shown
 * @param maxLineBytes longer lines are split
 */
public record PhaseSettings(Duration killGrace, Duration partialAfter, int maxLineBytes) {

    public static final PhaseSettings DEFAULT =
            new PhaseSettings(Duration.ofSeconds(5), Duration.ofMillis(50), 16 * 1024);

    /** @throws IllegalArgumentException when a value is out of its range */
    public PhaseSettings {
        if (killGrace.isNegative() || partialAfter.isNegative()) {
            throw new IllegalArgumentException("durations must not be negative");
        }
        if (maxLineBytes < LineSplitter.MIN_LIMIT || maxLineBytes > OutputWindow.MAX_BYTES) {
            throw new IllegalArgumentException("the longest line has between " + LineSplitter.MIN_LIMIT + " and "
                    + OutputWindow.MAX_BYTES + " bytes");
        }
    }
}
