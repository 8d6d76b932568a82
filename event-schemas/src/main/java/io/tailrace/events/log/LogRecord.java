package io.tailrace.events.log;

import io.tailrace.events.id.RunId;
import java.time.Instant;

/**
 * One record of the log with its headers read and its value not yet decoded.
 *
 * @param position where it is
 * @param run whose it is
 * @param timestamp when the broker appended it
 * @param headers what order, fence and numbering need
 * @param value the encoded event, perhaps undecodable, empty where the record has none; shared, not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // a record of the log is moved, never compared
public record LogRecord(LogPosition position, RunId run, Instant timestamp, EventHeaders headers, byte[] value) {

    /** The record's offset in its partition. */
    public long offset() {
        return position.offset();
    }

    /** The record's topic. */
    public Topic topic() {
        return position.topic();
    }
}
