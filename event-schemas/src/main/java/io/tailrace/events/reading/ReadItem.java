package io.tailrace.events.reading;

import io.tailrace.events.log.LogRecord;
import java.util.Optional;

/** What a reader makes of the log, in the run's order. */
public sealed interface ReadItem {

    /**
     * A record that counts, with its place in the order.
     *
     * @param firstSequence the sequence of its first event; it has as many as its count header says
     * @param supersedesFrom on a claim that takes a stage over: the sequence of the claim before, from which on
     *     everything up to here is superseded
     * @param cursor the cursor of its last event
     */
    record Numbered(LogRecord record, long firstSequence, Optional<Long> supersedesFrom, RunCursor cursor)
            implements ReadItem {
        /** How many events it has, at least 1. */
        public int count() {
            return record.headers().count();
        }

        /** The sequence of its last event. */
        public long lastSequence() {
            return firstSequence + count() - 1;
        }

        /** The cursor after the first {@code delivered} of its events, from 1 to its count. */
        public RunCursor cursorAfter(int delivered) {
            return cursor.within(firstSequence + delivered - 1, delivered);
        }
    }

    /** Events that retention has taken, or that the log has lost: their sequences, both inclusive. */
    record Gap(long fromSequence, long toSequence) implements ReadItem {}
}
