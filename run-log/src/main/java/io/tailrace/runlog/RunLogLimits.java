package io.tailrace.runlog;

import java.time.Duration;

/**
 * How much memory readers of runs may use, and how many scans may run.
 *
 * @param ringBytes what the ring of one run may hold
 * @param ringsBytes what the rings of all watched runs may hold together
 * @param inboxesBytes what was read of watched runs and is not in their rings yet may take, of all runs together
 * @param replaysBytes what the chunks of all replays may hold together
 * @param scans how many scans of the topics may run at the same time
 * @param idle how long a run that nobody watches any more is followed on
 */
public record RunLogLimits(
        long ringBytes, long ringsBytes, long inboxesBytes, long replaysBytes, int scans, Duration idle) {
    /** However many share, each has room for some ordinary records; a larger one is always taken alone. */
    public static final long LEAST_SHARE_BYTES = 4 * 1024;

    private static final long MOST_IN_AN_INBOX = 4 * 1024 * 1024;
    private static final long MOST_IN_A_CHUNK = 1024 * 1024;

    /** @throws IllegalArgumentException if a ring has less than the least share, or there is no scan */
    public RunLogLimits {
        if (ringBytes < LEAST_SHARE_BYTES || scans < 1 || idle.isNegative()) {
            throw new IllegalArgumentException("no run can be read within " + ringBytes + " bytes for a ring, " + scans
                    + " scans and an idle time of " + idle);
        }
    }

    /** What each of so many rings may hold. */
    long ringBytes(int rings) {
        return Math.clamp(ringsBytes / Math.max(1, rings), LEAST_SHARE_BYTES, ringBytes);
    }

    /** What one inbox of each of so many runs may hold: half of what there is for a run, so that two busy ones fit. */
    long inboxBytes(int runs) {
        return Math.clamp(inboxesBytes / (2L * Math.max(1, runs)), LEAST_SHARE_BYTES, MOST_IN_AN_INBOX);
    }

    /** What each of so many replays may read at once. */
    int chunkBytes(int replays) {
        return (int) Math.clamp(replaysBytes / Math.max(1, replays), LEAST_SHARE_BYTES, MOST_IN_A_CHUNK);
    }
}
