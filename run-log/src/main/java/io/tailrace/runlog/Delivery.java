package io.tailrace.runlog;

import io.tailrace.events.log.LogRecord;
import io.tailrace.events.reading.ReadItem;
import io.tailrace.events.reading.RunCursor;

/** What a feed gives its reader. */
public sealed interface Delivery {

    /**
     * The next events: those of a record from an index on.
     *
     * @param fromIndex how many of the record's events the reader has already, from 0 to its count - 1
     */
    record Events(SharedRecord shared, int fromIndex) implements Delivery {
        /** The record and its place in the order. */
        public ReadItem.Numbered item() {
            return shared.item();
        }

        /** The sequence of the first of these events. */
        public long firstSequence() {
            return item().firstSequence() + fromIndex;
        }
    }

    /** Events that retention has taken, or that the log has lost: their sequences, both inclusive. */
    record Gap(long fromSequence, long toSequence) implements Delivery {}

    /** Why a cursor means nothing any more. */
    enum ResetReason {
        /** It is of another log: another cluster, or the topics were re-created. */
        EPOCH,
        /** It lies beyond what the log has. */
        BEYOND_END,
        /** The log has something else in its place. */
        REWRITTEN,
        /** No key that the log has now sealed it: an older release made it, or its key was revoked. */
        KEY
    }

    /**
     * The reader's cursor means nothing in this log: what follows begins with the run's first event.
     *
     * @param start the cursor before the run's first event in this log
     */
    record Reset(ResetReason reason, RunCursor start) implements Delivery {}

    /** A fact that has no place in the order yet, told live and at best once. */
    record Notice(LogRecord record) implements Delivery {}

    /** The run has ended with the event before: nothing follows. */
    record End(RunCursor cursor) implements Delivery {}

    /** What the log had when the feed was opened has been delivered; given to feeds {@link RunLog.Until#NOW} only. */
    record UpToDate(RunCursor cursor) implements Delivery {}
}
