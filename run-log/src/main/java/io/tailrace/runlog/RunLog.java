package io.tailrace.runlog;

import io.tailrace.events.log.LogRecord;
import java.util.OptionalLong;

/**
 * The log as readers of runs see it: any number of them, each at its own pace, all with the same events in the same
 * order. Thread-safe.
 */
public interface RunLog {

    /** How far a reader wants to read. */
    enum Until {
        /** To the run's end, waiting for what is still to come: the last delivery is {@link Delivery.End}. */
        END_OF_RUN,
        /** To what the log has now: the last delivery is {@link Delivery.End} or {@link Delivery.UpToDate}. */
        NOW
    }

    /**
     * Opens a run. A cursor is looked up in the log; blocks for that, bounded.
     *
     * @throws CursorRefused if the cursor is of another run or contradicts the log's layout; cursors of another epoch,
     *     beyond the end or of a rewritten log are not refused but answered with {@link Delivery.Reset}
     * @throws LogUnreadable if the log cannot be reached
     */
    RunFeed open(RunLocation run, Start start, Until until) throws CursorRefused, LogUnreadable, InterruptedException;

    /** Takes the records of a spine as they are found. */
    @FunctionalInterface
    interface SpineSink {
        /** Takes the next one. Returns whether more is wanted. */
        boolean take(LogRecord record);
    }

    /**
     * Gives what run-events has of a run now, in its order, without numbers and without the chapters in between: for
     * questions that lifecycle facts alone answer. Blocks, bounded.
     *
     * @param from an offset before which nothing is wanted; empty for the run's beginning
     * @throws LogUnreadable if the log cannot be reached, or it would take too long
     */
    void spine(RunLocation run, OptionalLong from, SpineSink sink) throws LogUnreadable, InterruptedException;
}
