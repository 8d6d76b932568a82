package io.tailrace.events.reading;

import io.tailrace.events.log.LogPosition;
import io.tailrace.events.log.LogRecord;
import io.tailrace.events.log.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Feeds a reader from a history, whole or cut short by retention, as any source of records would. */
final class Desk {
    private final History history;
    private long spineStart;
    private long chapterStart;
    private boolean blind;

    Desk(History history) {
        this.history = history;
    }

    /** Retention takes what lies before these offsets. */
    Desk trimmedTo(long spine, long chapter) {
        spineStart = spine;
        chapterStart = chapter;
        return this;
    }

    Optional<LogRecord> at(Topic topic, long offset) {
        return records(topic).stream().filter(it -> it.offset() == offset).findFirst();
    }

    /** Reads until the run has ended or there is nothing left. */
    List<ReadItem> readAll(RunReader reader) {
        List<ReadItem> items = new ArrayList<>();
        int steps = 0;
        while (!reader.hasEnded()) {
            if (++steps > 10 * (history.spine.size() + history.chapters.size() + 10)) {
                throw new AssertionError("the reader goes round in circles at " + reader.next());
            }
            lookAhead(reader);
            LogPosition next = reader.next();
            long start = next.topic() == Topic.RUN_EVENTS ? spineStart : chapterStart;
            if (next.offset() < start) {
                reader.trimmed(start);
                continue;
            }
            Optional<LogRecord> record = records(next.topic()).stream()
                    .filter(it -> it.offset() >= next.offset())
                    .findFirst();
            if (record.isEmpty() && reader.chapterEnd().isPresent()) {
                reader.lost();
                continue;
            }
            if (record.isEmpty()) {
                return items;
            }
            items.addAll(reader.accept(record.get()));
        }
        return items;
    }

    /** As a reader does that comes to a chapter: looks whether the spine has closed it. */
    private void lookAhead(RunReader reader) {
        reader.lookAhead().ifPresent(from -> {
            for (LogRecord record : records(Topic.RUN_EVENTS)) {
                if (record.offset() >= from.offset() && !blind) {
                    reader.ahead(record);
                }
            }
        });
    }

    /** Readers never look ahead: live ones, to whom each record comes as it is written. */
    Desk blind() {
        blind = true;
        return this;
    }

    private List<LogRecord> records(Topic topic) {
        boolean spine = topic == Topic.RUN_EVENTS;
        return (spine ? history.spine : history.chapters)
                .stream()
                        .filter(it -> it.offset() >= (spine ? spineStart : chapterStart))
                        .toList();
    }
}
