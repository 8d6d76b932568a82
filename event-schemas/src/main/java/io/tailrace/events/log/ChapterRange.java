package io.tailrace.events.log;

import io.tailrace.events.id.AvroName;

/** The offsets of a finished chapter's first and last counting record, both inclusive, in the stage's topic. */
@AvroName(namespace = "io.tailrace.events.log")
public record ChapterRange(long firstOffset, long lastOffset) {
    /** @throws IllegalArgumentException if the range is not one */
    public ChapterRange {
        if (firstOffset < 0 || lastOffset < firstOffset || lastOffset == Long.MAX_VALUE) {
            throw new IllegalArgumentException("no such range: " + firstOffset + ".." + lastOffset);
        }
    }
}
