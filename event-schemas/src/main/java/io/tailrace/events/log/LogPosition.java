package io.tailrace.events.log;

import io.tailrace.events.id.AvroName;

/** Where a record is, or where to look from: topic, partition (from 0) and offset (from 0). */
@AvroName(namespace = "io.tailrace.events.log")
public record LogPosition(Topic topic, int partition, long offset) {
    /** @throws IllegalArgumentException if partition or offset are negative, or nothing could come after the offset */
    public LogPosition {
        if (partition < 0 || offset < 0 || offset == Long.MAX_VALUE) {
            throw new IllegalArgumentException("no such position: " + topic + "-" + partition + "@" + offset);
        }
    }

    @Override
    public String toString() {
        return topic.topicName() + "-" + partition + "@" + offset;
    }
}
