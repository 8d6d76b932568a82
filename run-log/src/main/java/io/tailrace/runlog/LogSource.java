package io.tailrace.runlog;

import io.tailrace.events.id.RunId;
import io.tailrace.events.log.LogPosition;
import io.tailrace.events.log.LogRecord;
import java.util.Optional;
import java.util.OptionalLong;

/** The log as it lies at the brokers: reading from any position. Blocks, bounded. Thread-safe. */
interface LogSource {

    /** The fingerprint of the log as it was seen last; empty if it was never reached. Never blocks. */
    OptionalLong epoch();

    /** The fingerprint of the log as it is now. */
    long currentEpoch() throws LogUnreadable, InterruptedException;

    /** What is found at a position. */
    sealed interface Place {
        /** The run's record. */
        record Present(LogRecord record) implements Place {}

        /** Something else, or nothing any more though the log has later records. */
        record Other() implements Place {}

        /** Retention has taken it; the partition now begins at {@code logStart}. */
        record Trimmed(long logStart) implements Place {}

        /** The leader has nothing there yet, and did not get it within a bounded time. */
        record Beyond() implements Place {}
    }

    /** Looks one record up. What is not committed yet is waited for, bounded. */
    Place at(RunId run, LogPosition position) throws LogUnreadable, InterruptedException;

    /** What a scan brought. */
    sealed interface Chunk {
        /**
         * The sink got all of the run's records from the position asked for up to {@code nextOffset}.
         *
         * @param nextOffset where to go on; the position asked for if there is nothing more now
         * @param passed the last record before that, of whatever run, if the scan met one
         */
        record Read(long nextOffset, Optional<Passed> passed) implements Chunk {}

        /** Retention has taken the position asked for; the partition now begins at {@code logStart}. */
        record Trimmed(long logStart) implements Chunk {}

        /** The log ends before the position asked for, or has lost what was passed before it: it was cut off. */
        record Beyond() implements Chunk {}
    }

    /**
     * A record that a scan has passed, with the epoch of the leader that took it in. A log that has another one in its
     * place, or none, was cut off there, however far it has grown again.
     */
    record Passed(long offset, int leaderEpoch) {}

    /** Takes a run's records as a scan finds them. */
    @FunctionalInterface
    interface Sink {
        /** Takes the next one. Returns whether the scan shall go on. */
        boolean take(LogRecord record);
    }

    /**
     * Reads a run's records of one partition from a position on, until the sink has enough, or an offset is reached, or
     * there is nothing more now, or its slice of time is over.
     *
     * @param passed the last record before the position, if it is known: without it, it is {@link Chunk.Beyond}
     * @param upTo the offset (exclusive) to stop at
     */
    Chunk scan(RunId run, LogPosition from, Optional<Passed> passed, long upTo, Sink sink)
            throws LogUnreadable, InterruptedException;

    /** The offsets after the last readable record of the event topics in a partition. */
    LogEnds ends(int partition) throws LogUnreadable, InterruptedException;

    /** Whatever was kept of connections is of another log. */
    void forget();
}
