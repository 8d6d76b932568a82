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

    /** What is said between the events, to readers who follow a run to its end. */
    sealed interface Control extends Delivery {}

    /** Events that retention has taken, or that the log has lost: their sequences, both inclusive. */
    record Gap(long fromSequence, long toSequence) implements Control {}

    /** Why a cursor means nothing any more. */
    enum ResetReason {
        /** It is of another log: another cluster, or the topics were re-created. */
        EPOCH("epoch"),
        /** It lies beyond what the log has. */
        BEYOND_END("beyond_end"),
        /** The log has something else in its place. */
        REWRITTEN("rewritten"),
        /** No key that the log has now sealed it: an older release made it, or its key was revoked. */
        KEY("key");

        private final String wireName;

        ResetReason(String wireName) {
            this.wireName = wireName;
        }

        /** As clients get it. */
        public String wireName() {
            return wireName;
        }
    }

    /**
     * The reader's cursor means nothing in this log: what follows begins with the run's first event.
     *
     * @param start the cursor before the run's first event in this log
     */
    record Reset(ResetReason reason, RunCursor start) implements Control {}

    /** A fact that has no place in the order yet, told live and at best once. */
    record Notice(LogRecord record) implements Control {}

    /** The run has ended with the event before: nothing follows. */
    record End(RunCursor cursor) implements Control {}

    /** What the log had when the feed was opened has been delivered; given to feeds {@link RunLog.Until#NOW} only. */
    record UpToDate(RunCursor cursor) implements Delivery {}
}
