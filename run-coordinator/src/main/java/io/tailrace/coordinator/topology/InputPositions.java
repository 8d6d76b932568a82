package io.tailrace.coordinator.topology;

import io.tailrace.events.log.Topic;
import java.time.Instant;
import java.util.Optional;

/**
 * Where the stream thread that asks reads its inputs. To be used by a processor on its own thread; asking the brokers
 * blocks, bounded, and throws a {@link org.apache.kafka.common.KafkaException} where they do not answer.
 */
public interface InputPositions {
    /**
     * What a partition has.
     *
     * @param start the first offset that is left of it
     * @param end the offset that its next record gets
     */
    record Bounds(long start, long end) {}

    /** A record, by where and when it was appended. */
    record Spot(long offset, Instant at) {}

    Bounds bounds(Topic topic, int partition);

    /** The first record that was appended at this moment or later. */
    Optional<Spot> appendedFrom(Topic topic, int partition, Instant at);

    /** Goes on with this offset, whatever the group has committed. The partition is one of the thread's. */
    void readFrom(Topic topic, int partition, long offset);
}
