package io.tailrace.runlog;

import io.tailrace.events.log.LogRecord;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.OptionalLong;

/**
 * What the tail has read of one run in one partition: all of the run's records from an offset on. Bounded in bytes, for
 * itself and together with all others; when more comes than fits, everything is dropped and the offset moves up to where the tail is: what lies before it
 * has to be read from the log. Filled by the tail, emptied by the run's feeder. Thread-safe.
 */
final class Inbox {
    private static final long NOT_YET = Long.MAX_VALUE;
    private static final long OVERHEAD_BYTES = 512;

    private final InboxBudget budget;
    private final Deque<LogRecord> records = new ArrayDeque<>();
    private long from = NOT_YET;
    private long bytes;
    private long overflows;
    private boolean cutOff;
    private boolean closed;

    Inbox(InboxBudget budget) {
        this.budget = budget;
    }

    /** What there is at or after an offset. */
    sealed interface Polled {
        /** The run's next record from there on; it is no longer in the inbox. */
        record Next(LogRecord record) implements Polled {}

        /** Nothing, as far as the tail has read. */
        record Nothing() implements Polled {}

        /** What lies before {@code from} is not here. */
        record Before(long from) implements Polled {}

        /** The tail has not begun with this run. */
        record NotYet() implements Polled {}

        /** The log was cut off before what was in here, or was taken from here, already. */
        record CutOff() implements Polled {}
    }

    /** From now on, and from this offset on, everything is put in. */
    synchronized void begin(long offset) {
        cutOff = cutOff || (from != NOT_YET && offset < from);
        drop(offset);
    }

    /** The log was cut off, perhaps below what was put in or taken already; from this offset on it is put in again. */
    synchronized void cut(long offset) {
        cutOff = cutOff || from != NOT_YET;
        drop(offset);
    }

    private void drop(long upTo) {
        records.clear();
        budget.release(bytes);
        bytes = 0;
        from = upTo;
    }

    /**
     * Puts the run's next records in, in the order of their offsets.
     *
     * @param upTo the tail's next offset
     */
    synchronized void append(List<LogRecord> more, long upTo) {
        for (LogRecord record : more) {
            if (record.offset() >= from && !closed) {
                long weight = weight(record);
                if (!budget.take(weight, bytes)) {
                    overflows++;
                    drop(Math.max(from, upTo));
                    return;
                }
                records.addLast(record);
                bytes += weight;
            }
        }
    }

    /** Nobody reads here any more: what is held is let go, and nothing is taken in. */
    synchronized void close() {
        closed = true;
        records.clear();
        budget.release(bytes);
        bytes = 0;
    }

    /** Takes the next record at or after an offset. Whatever lies before it is dropped. */
    synchronized Polled poll(long offset) {
        if (cutOff) {
            return new Polled.CutOff();
        }
        if (from == NOT_YET) {
            return new Polled.NotYet();
        }
        if (offset < from) {
            return new Polled.Before(from);
        }
        while (!records.isEmpty() && records.getFirst().offset() < offset) {
            letGo(records.removeFirst());
        }
        from = offset;
        if (records.isEmpty()) {
            return new Polled.Nothing();
        }
        LogRecord next = records.removeFirst();
        letGo(next);
        from = next.offset() + 1;
        return new Polled.Next(next);
    }

    /** Whether all of the run's records from this offset on, as far as the tail has read, are here. */
    synchronized boolean holdsFrom(long offset) {
        return from <= offset;
    }

    /** The offset from which on all is here; empty as long as the tail has not begun with this run. */
    synchronized OptionalLong from() {
        return from == NOT_YET ? OptionalLong.empty() : OptionalLong.of(from);
    }

    /** A copy of what is held with an offset above this one. */
    synchronized List<LogRecord> heldAfter(long offset) {
        List<LogRecord> later = new ArrayList<>();
        for (LogRecord record : records) {
            if (record.offset() > offset) {
                later.add(record);
            }
        }
        return later;
    }

    synchronized long overflows() {
        return overflows;
    }

    private void letGo(LogRecord record) {
        bytes -= weight(record);
        budget.release(weight(record));
    }

    private static long weight(LogRecord record) {
        return record.value().length + OVERHEAD_BYTES;
    }
}
