package io.tailrace.coordinator.host;

import io.tailrace.coordinator.topology.InputPositions.Bounds;
import io.tailrace.coordinator.topology.SpineReading;
import io.tailrace.events.log.Topic;
import io.tailrace.service.kafka.ClientName;
import io.tailrace.service.kafka.KafkaClients;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/** Reads the spine with consumers that are made for the one reading, so that nobody waits for another's. Thread-safe. */
final class KafkaSpineReading implements SpineReading {
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(1);

    /** With the default time-outs, longer than a transaction whose writer has died stays open (decision 015). */
    private static final Duration NOTHING_FOR = Duration.ofSeconds(15);

    private final KafkaClients kafka;
    private final ClientName name;

    KafkaSpineReading(KafkaClients kafka, String process) {
        this.kafka = kafka;
        this.name = new ClientName(process, "spine");
    }

    @Override
    public long read(int partition, long from, java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> visitor) {
        TopicPartition place = new TopicPartition(Topic.RUN_EVENTS.topicName(), partition);
        Bounds bounds = bounds(place);
        long first = from < bounds.start() || from > bounds.end() ? bounds.start() : from;
        if (first < bounds.end()) {
            read(place, new Bounds(first, bounds.end()), visitor);
        }
        return bounds.end();
    }

    /** What is there, committed or not. */
    private Bounds bounds(TopicPartition place) {
        Consumer<byte[], byte[]> consumer = consumer("read_uncommitted");
        try {
            return ThreadPositions.bounds(consumer, place);
        } finally {
            consumer.close(CloseOptions.timeout(CLOSE_WITHIN));
        }
    }

    private void read(
            TopicPartition place, Bounds bounds, java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> visitor) {
        Consumer<byte[], byte[]> consumer = consumer("read_committed");
        try {
            consumer.assign(List.of(place));
            consumer.seek(place, bounds.start());
            long next = bounds.start();
            long moved = System.nanoTime();
            while (next < bounds.end()) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL).records(place)) {
                    if (record.offset() < bounds.end()) {
                        visitor.accept(record);
                    }
                }
                long now = consumer.position(place);
                if (now > next) {
                    moved = System.nanoTime();
                    next = now;
                } else if (System.nanoTime() - moved > NOTHING_FOR.toNanos()) {
                    throw new TimeoutException("what is at " + place + "@" + next + " has neither been committed nor"
                            + " aborted for " + NOTHING_FOR.toSeconds() + " s");
                }
            }
        } finally {
            consumer.close(CloseOptions.timeout(CLOSE_WITHIN));
        }
    }

    private Consumer<byte[], byte[]> consumer(String isolation) {
        return kafka.consumer(
                name,
                Map.of(
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        isolation,
                        ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                        10_000,
                        // At the end of what is committed the broker is asked again soon.
                        ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
                        50));
    }
}
