package io.tailrace.coordinator.reading;

import io.tailrace.events.id.RunId;
import io.tailrace.events.log.LogPosition;
import io.tailrace.events.log.LogRecord;
import io.tailrace.events.log.Topic;
import io.tailrace.events.reading.ReadItem;
import io.tailrace.events.reading.RunReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads a run as every reader does, from records that are all there. */
public final class BookReading {
    private BookReading() {}

    /** Reads to the end, or until nothing is left. */
    public static RunReader read(
            RunId run, int partition, List<LogRecord> spine, List<LogRecord> chapters, List<ReadItem.Numbered> into) {
        RunReader reader = RunReader.fromStart(run, partition, 1, 0);
        while (!reader.hasEnded()) {
            LogPosition next = reader.next();
            Optional<LogRecord> record = (next.topic() == Topic.RUN_EVENTS ? spine : chapters)
                    .stream().filter(it -> it.offset() >= next.offset()).findFirst();
            if (record.isEmpty()) {
                return reader;
            }
            List<ReadItem> items = new ArrayList<>(reader.accept(record.get()));
            for (ReadItem item : items) {
                switch (item) {
                    case ReadItem.Numbered numbered -> into.add(numbered);
                    case ReadItem.Gap gap -> throw new AssertionError("nothing was trimmed, but " + gap);
                }
            }
        }
        return reader;
    }
}
