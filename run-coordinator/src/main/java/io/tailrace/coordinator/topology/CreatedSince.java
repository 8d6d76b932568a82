package io.tailrace.coordinator.topology;

import io.tailrace.events.id.RunId;
import io.tailrace.events.kafka.KafkaRecords;
import io.tailrace.events.log.EventType;
import io.tailrace.events.log.LogPosition;
import io.tailrace.events.log.LogRecord;
import io.tailrace.events.log.Topic;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;

/**
 * Finds the runs that one partition's spine has created since a moment, and how far it numbers them. It reads headers
 * alone. Blocks; for the reading thread.
 *
 * @param since by the broker's clock
 */
record CreatedSince(LogArchive archive, int partition, Instant since) implements Callable<Map<RunId, OpenViews.Spot>> {

    /** @throws org.apache.kafka.common.KafkaException if the log cannot be read */
    @Override
    public Map<RunId, OpenViews.Spot> call() {
        Map<RunId, OpenViews.Spot> created = new HashMap<>();
        LogPosition from = archive.appendedAt(Topic.RUN_EVENTS, partition, since);
        archive.read(from, LogArchive.END, record -> {
            KafkaRecords.logRecord(record).ifPresent(it -> take(it, created));
            return true;
        });
        return created;
    }

    private static void take(LogRecord record, Map<RunId, OpenViews.Spot> created) {
        long stated = record.headers().runSequence().orElse(0L);
        if (record.headers().type().equals(EventType.RUN_CREATED.wireName())) {
            created.putIfAbsent(record.run(), new OpenViews.Spot(record.offset(), stated, false));
        } else {
            created.computeIfPresent(
                    record.run(),
                    (_, it) -> new OpenViews.Spot(it.firstOffset(), Math.max(it.sequence(), stated), false));
        }
    }
}
