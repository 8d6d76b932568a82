package io.tailrace.coordinator.reading;

import static org.assertj.core.api.Assertions.assertThat;

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

    /** Reads a run to its end, which it has, and gives its number of events: every reader counts them without a gap. */
    public static long countToTheEnd(RunId run, int partition, List<LogRecord> spine, List<LogRecord> chapters) {
        List<ReadItem.Numbered> read = new ArrayList<>();
        RunReader reader = read(run, partition, spine, chapters, read);
        assertThat(reader.hasEnded()).isTrue();
        assertThat(reader.miscounts()).isZero();
        long next = 1;
        for (ReadItem.Numbered item : read) {
            assertThat(item.firstSequence()).isEqualTo(next);
            next = item.lastSequence() + 1;
        }
        return next - 1;
    }

    /** Reads to the end, or until nothing is left. */
    public static RunReader read(
            RunId run, int partition, List<LogRecord> spine, List<LogRecord> chapters, List<ReadItem.Numbered> into) {
        RunReader reader = RunReader.fromStart(run, partition, 1, 0);
        while (!reader.hasEnded()) {
            LogPosition next = reader.next();
            Optional<LogRecord> record = (next.topic() == Topic.RUN_EVENTS ? spine : chapters)
                    .stream()
                            .filter(it -> it.topic() == next.topic() && it.offset() >= next.offset())
                            .findFirst();
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
