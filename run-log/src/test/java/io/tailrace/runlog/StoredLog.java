package io.tailrace.runlog;

import io.tailrace.events.id.RunId;
import io.tailrace.events.log.EventHeaders;
import io.tailrace.events.log.HeaderTexts;
import io.tailrace.events.log.LogPosition;
import io.tailrace.events.log.LogRecord;
import io.tailrace.events.log.Topic;
import io.tailrace.events.reading.ReadItem;
import io.tailrace.events.reading.RunCursor;
import io.tailrace.events.reading.RunReader;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * The log of one run as an earlier commit wrote it: a line for each record, with topic, offset, time of append, headers and
 * value.
 */
public final class StoredLog {
    private static final int PARTITION = 3;
    private static final long EPOCH = 42;

    private final RunId run;
    private final List<LogRecord> records;

    public StoredLog(RunId run, List<String> lines) {
        this.run = run;
        this.records = lines.stream().map(it -> record(run, it)).toList();
    }

    private static LogRecord record(RunId run, String line) {
        String[] parts = line.split(" ", -1);
        Topic topic = Topic.named(parts[0]).orElseThrow();
        HeaderTexts texts = new HeaderTexts();
        for (String header : parts[3].split(";", -1)) {
            String[] pair = header.split("=", 2);
            texts.add(pair[0], pair[1].getBytes(StandardCharsets.US_ASCII));
        }
        EventHeaders headers = texts.headers().orElseThrow();
        LogPosition position = new LogPosition(topic, PARTITION, Long.parseLong(parts[1]));
        return new LogRecord(
                position,
                run,
                Instant.parse(parts[2]),
                headers,
                Base64.getDecoder().decode(parts[4]));
    }

    public RunId run() {
        return run;
    }

    /** The place before the run's first event. */
    public RunCursor start() {
        return RunCursor.beforeFirst(EPOCH, PARTITION, run);
    }

    /** All events of the run, and among them, at fixed places, each kind of control delivery that a stream can have. */
    public List<Delivery> deliveries() {
        RunReader reader = RunReader.fromStart(run, PARTITION, EPOCH, 0);
        List<Delivery> found = new ArrayList<>();
        while (!reader.hasEnded()) {
            lookAhead(reader);
            Optional<LogRecord> record = next(reader.next());
            if (record.isEmpty()) {
                reader.advanceTo(Long.MAX_VALUE);
            } else {
                reader.accept(record.get()).forEach(item -> found.add(delivery(item)));
            }
        }
        int at = 5;
        for (LogRecord record : records) {
            if (record.topic() == Topic.RUN_EVENTS
                    && record.headers().runSequence().isEmpty()) {
                found.add(Math.min(at, found.size()), new Delivery.Notice(record));
                at += 3;
            }
        }
        found.add(2, new Delivery.Gap(3, 17));
        for (Delivery.ResetReason reason : Delivery.ResetReason.values()) {
            found.add(4, new Delivery.Reset(reason, start()));
        }
        found.add(new Delivery.End(reader.cursor()));
        return found;
    }

    private void lookAhead(RunReader reader) {
        for (Optional<LogPosition> from = reader.lookAhead(); from.isPresent(); from = reader.lookAhead()) {
            Optional<LogRecord> record = next(from.get());
            if (record.isEmpty()) {
                return;
            }
            reader.ahead(record.get());
        }
    }

    private Optional<LogRecord> next(LogPosition from) {
        return records.stream()
                .filter(it -> it.topic() == from.topic() && it.offset() >= from.offset())
                .findFirst();
    }

    private static Delivery delivery(ReadItem item) {
        return switch (item) {
            case ReadItem.Numbered numbered -> new Delivery.Events(SharedRecord.alone(numbered), 0);
            case ReadItem.Gap(long from, long to) -> new Delivery.Gap(from, to);
        };
    }
}
