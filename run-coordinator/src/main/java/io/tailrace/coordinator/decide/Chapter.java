package io.tailrace.coordinator.decide;

import io.tailrace.events.id.AvroName;
import io.tailrace.events.log.ChapterRange;
import io.tailrace.events.log.EventHeaders;
import io.tailrace.events.log.EventType;

/**
 * What has been counted of an open stage.
 *
 * @param firstOffset of its first record that counts; below zero while there is none
 * @param lastOffset of its last one
 * @param events how many events its records have
 * @param lines how many console lines are among them
 * @param spineEvents how many events the spine got meanwhile, which come after the chapter
 */
@AvroName(namespace = "io.tailrace.coordinator.decide")
public record Chapter(long firstOffset, long lastOffset, long events, long lines, long spineEvents) {
    static final Chapter EMPTY = new Chapter(-1, -1, 0, 0, 0);

    Chapter counted(long offset, EventHeaders headers) {
        boolean console = headers.type().equals(EventType.CONSOLE_LINES.wireName());
        return new Chapter(
                firstOffset < 0 ? offset : firstOffset,
                offset,
                events + headers.count(),
                console ? lines + headers.count() : lines,
                spineEvents);
    }

    Chapter withSpineEvent() {
        return new Chapter(firstOffset, lastOffset, events, lines, spineEvents + 1);
    }

    /** @throws IllegalArgumentException if nothing has counted */
    ChapterRange range() {
        return new ChapterRange(firstOffset, lastOffset);
    }
}
