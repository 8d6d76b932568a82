package io.tailrace.worker.position;

import io.tailrace.events.kafka.KafkaRecords;
import io.tailrace.events.log.EventHeaders;
import io.tailrace.events.log.LogPosition;
import io.tailrace.events.log.Topic;
import io.tailrace.service.kafka.ClientName;
import io.tailrace.service.kafka.KafkaClients;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Reads records by their positions, from topics that nobody writes in transactions. Safe from any thread; blocks for as
 * long as the log takes, within bounds. Its consumers are made when they are needed, kept, and shared by all threads.
 */
public final class PositionReader implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final Duration POLL = Duration.ofMillis(200);

    /** They are dear to make, and a worker may have a thousand stages. */
    private static final int MAX_CONSUMERS = 32;

    /** So many records are read over faster than another place is asked for. */
    private static final int CLOSE_BY = 300;

    private final Supplier<Consumer<byte[], byte[]>> consumers;
    private final BlockingQueue<Consumer<byte[], byte[]>> idle = new LinkedBlockingQueue<>();
    private final Semaphore permits = new Semaphore(MAX_CONSUMERS, true);
    private volatile boolean closed;

    /**
     * A reader of the log. Connects to nothing yet.
     *
     * @param process whose it is
     */
    public PositionReader(KafkaClients kafka, String process) {
        this(() -> consumer(kafka, process));
    }

    PositionReader(Supplier<Consumer<byte[], byte[]>> consumers) {
        this.consumers = consumers;
    }

    static Consumer<byte[], byte[]> consumer(KafkaClients kafka, String process) {
        return kafka.consumer(
                new ClientName(process, "positions"),
                Map.of(
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_uncommitted",
                        // A fetch in flight at the end of the log delays the next reading by this at most.
                        ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
                        5,
                        ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                        Math.toIntExact(PATIENCE.toMillis())));
    }

    /** A record as it lies in the log: its value, and its headers where they are ours. */
    @SuppressWarnings("ArrayRecordComponent") // moved, never compared
    public record Found(LogPosition position, byte @Nullable [] value, Optional<EventHeaders> headers) {}

    /**
     * The record at this position; nothing if it is not there any more, or not yet.
     *
     * @throws KafkaException if the log cannot be read
     */
    public Optional<Found> read(LogPosition position) {
        return Optional.ofNullable(read(position.topic(), position.partition(), List.of(position.offset()))
                .get(position.offset()));
    }

    /**
     * The records at these offsets, without those that are not there any more.
     *
     * @throws KafkaException if the log cannot be read
     */
    public Map<Long, Found> read(Topic topic, int partition, List<Long> offsets) {
        Map<Long, Found> found = new HashMap<>();
        List<Long> wanted = offsets.stream().sorted().distinct().toList();
        if (wanted.isEmpty()) {
            return found;
        }
        return with(consumer -> {
            TopicPartition place = assign(consumer, topic, partition);
            long beginning = consumer.beginningOffsets(List.of(place)).getOrDefault(place, 0L);
            long end = consumer.endOffsets(List.of(place)).getOrDefault(place, 0L);
            List<Long> there =
                    wanted.stream().filter(it -> it >= beginning && it < end).toList();
            int next = 0;
            while (next < there.size()) {
                long from = there.get(next);
                int last = next;
                while (last + 1 < there.size() && there.get(last + 1) - there.get(last) <= CLOSE_BY) {
                    last++;
                }
                consumer.seek(place, from);
                List<Long> run = there.subList(next, last + 1);
                scan(consumer, place, there.get(last) + 1, record -> {
                    if (run.contains(record.offset())) {
                        found.put(record.offset(), found(topic, record));
                    }
                    return true;
                });
                next = last + 1;
            }
            return found;
        });
    }

    /**
     * Reads from a position on, to before an offset.
     *
     * @param take gets each record in order; false ends the reading
     * @throws KafkaException if the log cannot be read
     */
    public void scan(LogPosition from, long before, Predicate<Found> take) {
        boolean _ = with(consumer -> {
            TopicPartition place = assign(consumer, from.topic(), from.partition());
            long beginning = consumer.beginningOffsets(List.of(place)).getOrDefault(place, 0L);
            consumer.seek(place, Math.max(beginning, from.offset()));
            scan(consumer, place, before, record -> take.test(found(from.topic(), record)));
            return true;
        });
    }

    /**
     * The offset of the first record that the broker took at this time or later; nothing when there is none.
     *
     * @throws KafkaException if the log cannot be read
     */
    public OptionalLong firstSince(Topic topic, int partition, Instant time) {
        TopicPartition place = new TopicPartition(topic.topicName(), partition);
        return with(consumer -> Optional.ofNullable(
                        consumer.offsetsForTimes(Map.of(place, Math.max(0, time.toEpochMilli())))
                                .get(place))
                .map(it -> OptionalLong.of(it.offset()))
                .orElseGet(OptionalLong::empty));
    }

    private static void scan(
            Consumer<byte[], byte[]> consumer,
            TopicPartition place,
            long before,
            Predicate<ConsumerRecord<byte[], byte[]>> take) {
        long progressAt = System.nanoTime();
        while (consumer.position(place) < before) {
            boolean progress = false;
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                progress = true;
                if (record.offset() >= before || !take.test(record)) {
                    return;
                }
            }
            progressAt = progress ? System.nanoTime() : progressAt;
            if (System.nanoTime() - progressAt > PATIENCE.toNanos()) {
                throw new KafkaException("nothing of " + place + " came for " + PATIENCE.toSeconds() + " s");
            }
        }
    }

    private static TopicPartition assign(Consumer<byte[], byte[]> consumer, Topic topic, int partition) {
        TopicPartition place = new TopicPartition(topic.topicName(), partition);
        consumer.assign(List.of(place));
        return place;
    }

    private static Found found(Topic topic, ConsumerRecord<byte[], byte[]> record) {
        LogPosition position = new LogPosition(topic, record.partition(), record.offset());
        return new Found(position, record.value(), KafkaRecords.eventHeaders(record));
    }

    private interface ReadCall<T> {
        T with(Consumer<byte[], byte[]> consumer);
    }

    private <T> T with(ReadCall<T> call) {
        awaitPermit();
        try {
            return withConsumer(call);
        } finally {
            permits.release();
        }
    }

    private void awaitPermit() {
        try {
            if (!permits.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new KafkaException("the log is being read by others for " + PATIENCE.toSeconds() + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted while others read the log", e);
        }
    }

    private <T> T withConsumer(ReadCall<T> call) {
        Consumer<byte[], byte[]> consumer = idle.poll();
        boolean good = false;
        Consumer<byte[], byte[]> used = consumer == null ? consumers.get() : consumer;
        try {
            T result = call.with(used);
            good = true;
            return result;
        } finally {
            if (good && !closed) {
                idle.add(used);
                if (closed) {
                    close();
                }
            } else {
                used.close();
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        for (Consumer<byte[], byte[]> it = idle.poll(); it != null; it = idle.poll()) {
            it.close();
        }
    }
}
