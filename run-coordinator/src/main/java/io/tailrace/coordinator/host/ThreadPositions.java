package io.tailrace.coordinator.host;

import io.tailrace.coordinator.topology.InputPositions;
import io.tailrace.events.log.Topic;
import io.tailrace.service.kafka.StreamsClients;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The positions of the consumer that the calling thread polls. Kafka Streams makes a task's processors on the thread that
 * polls for them, after the partitions were assigned and before they are read: what is set then holds, and neither the
 * group's offsets nor its other members have to be touched. Thread-safe, each thread for itself.
 */
final class ThreadPositions implements InputPositions {
    private static final Duration WITHIN = Duration.ofSeconds(10);

    private static final ThreadLocal<Consumer<byte[], byte[]>> POLLED = new ThreadLocal<>();

    Consumer<byte[], byte[]> consumer(Map<String, Object> config) {
        return StreamsClients.consumer(config, POLLED::set);
    }

    @Override
    public Bounds bounds(Topic topic, int partition) {
        return bounds(consumer(), place(topic, partition));
    }

    /** What a partition has, as this consumer sees its end. */
    static Bounds bounds(Consumer<byte[], byte[]> consumer, TopicPartition place) {
        return new Bounds(
                present(place, consumer.beginningOffsets(List.of(place), WITHIN).get(place)),
                present(place, consumer.endOffsets(List.of(place), WITHIN).get(place)));
    }

    @Override
    public Optional<Spot> appendedFrom(Topic topic, int partition, Instant at) {
        TopicPartition place = place(topic, partition);
        Optional<OffsetAndTimestamp> found = Optional.ofNullable(consumer()
                .offsetsForTimes(Map.of(place, at.toEpochMilli()), WITHIN)
                .get(place));
        return found.map(it -> new Spot(it.offset(), Instant.ofEpochMilli(it.timestamp())));
    }

    @Override
    public void readFrom(Topic topic, int partition, long offset) {
        consumer().seek(place(topic, partition), offset);
    }

    private static TopicPartition place(Topic topic, int partition) {
        return new TopicPartition(topic.topicName(), partition);
    }

    private static long present(TopicPartition place, @Nullable Long offset) {
        if (offset == null) {
            throw new TimeoutException("no broker said what " + place + " has");
        }
        return offset;
    }

    private Consumer<byte[], byte[]> consumer() {
        Consumer<byte[], byte[]> consumer = POLLED.get();
        if (consumer == null) {
            throw new IllegalStateException("this thread has polled no consumer");
        }
        return consumer;
    }
}
