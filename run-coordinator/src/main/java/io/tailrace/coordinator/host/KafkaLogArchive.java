package io.tailrace.coordinator.host;

import io.tailrace.coordinator.topology.LogArchive;
import io.tailrace.coordinator.topology.LogReading;
import io.tailrace.coordinator.topology.SpineAhead;
import io.tailrace.events.log.LogPosition;
import io.tailrace.events.log.Topic;
import io.tailrace.service.kafka.ClientName;
import io.tailrace.service.kafka.KafkaClients;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/** Reads the log with a consumer of its own, committed records only, on a thread of its own, which {@link #close} ends. */
final class KafkaLogArchive implements LogArchive, AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration NOTHING_FOR = Duration.ofSeconds(20);
    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(1);

    private final Consumer<byte[], byte[]> consumer;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("log-archive").daemon().factory());
    private final KafkaSpineReading spine;
    private volatile boolean closed;

    private KafkaLogArchive(Consumer<byte[], byte[]> consumer, KafkaSpineReading spine) {
        this.consumer = consumer;
        this.spine = spine;
    }

    /** @param spine for tasks that start; it is closed with this */
    static KafkaLogArchive open(KafkaClients kafka, String process, KafkaSpineReading spine) {
        Consumer<byte[], byte[]> consumer = kafka.consumer(
                new ClientName(process, "archive"),
                Map.of(
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "earliest",
                        ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                        10_000));
        return new KafkaLogArchive(consumer, spine);
    }

    LogReading reading(SpineAhead ahead) {
        return new LogReading(this, thread, spine, ahead);
    }

    /** No task that starts is waited for any more. All else goes on until {@link #close}. */
    void startNoMore() {
        spine.close();
    }

    @Override
    public long read(LogPosition from, long to, Predicate<ConsumerRecord<byte[], byte[]>> visitor) {
        TopicPartition place = new TopicPartition(from.topic().topicName(), from.partition());
        consumer.assign(List.of(place));
        long start = consumer.beginningOffsets(List.of(place)).getOrDefault(place, 0L);
        long end = Math.min(to, consumer.endOffsets(List.of(place)).getOrDefault(place, 0L));
        long next = Math.max(from.offset(), start);
        if (next >= end) {
            return from.offset();
        }
        consumer.seek(place, next);
        long heard = System.nanoTime();
        while (consumer.position(place) < end) {
            List<ConsumerRecord<byte[], byte[]>> records = consumer.poll(POLL).records(place);
            for (ConsumerRecord<byte[], byte[]> record : records) {
                if (record.offset() >= end) {
                    return end;
                }
                if (!visitor.test(record)) {
                    return record.offset() + 1;
                }
            }
            if (closed) {
                throw new TimeoutException("the session is ending");
            }
            if (!records.isEmpty()) {
                heard = System.nanoTime();
            } else if (System.nanoTime() - heard > NOTHING_FOR.toNanos()) {
                throw new TimeoutException(place + " gave nothing for " + NOTHING_FOR.toSeconds() + " s");
            }
        }
        return consumer.position(place);
    }

    @Override
    public long end(Topic topic, int partition) {
        TopicPartition place = new TopicPartition(topic.topicName(), partition);
        return consumer.endOffsets(List.of(place)).getOrDefault(place, 0L);
    }

    @Override
    public LogPosition appendedAt(Topic topic, int partition, Instant at) {
        TopicPartition place = new TopicPartition(topic.topicName(), partition);
        OffsetAndTimestamp found =
                consumer.offsetsForTimes(Map.of(place, at.toEpochMilli())).get(place);
        return new LogPosition(topic, partition, found == null ? 0 : found.offset());
    }

    @Override
    public void close() {
        closed = true;
        spine.close();
        consumer.wakeup();
        thread.execute(() -> consumer.close(CloseOptions.timeout(CLOSE_WITHIN)));
        thread.shutdown();
    }
}
