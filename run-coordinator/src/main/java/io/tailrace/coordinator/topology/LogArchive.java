package io.tailrace.coordinator.topology;

import io.tailrace.events.log.LogPosition;
import io.tailrace.events.log.Topic;
import java.time.Instant;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** The log, read beside the topology by one thread: what a state is checked against and made anew from. */
public interface LogArchive {
    /** The end of a partition: what is committed when it is asked for. */
    long END = Long.MAX_VALUE;

    /**
     * Reads the committed records of a partition, in order. Blocks.
     *
     * @param from the first offset wanted; what lies before the partition's start is left out
     * @param to reads nothing from this offset on, and nothing beyond the end
     * @param visitor answers whether it wants more
     * @return the offset after the last one read
     * @throws org.apache.kafka.common.KafkaException if the log cannot be read
     */
    long read(LogPosition from, long to, Predicate<ConsumerRecord<byte[], byte[]>> visitor);

    /**
     * The end of a partition: everything before it is committed or aborted. Blocks.
     *
     * @throws org.apache.kafka.common.KafkaException if the log cannot be read
     */
    long end(Topic topic, int partition);

    /**
     * The position of the first record that was appended at this moment or later. Blocks.
     *
     * @throws org.apache.kafka.common.KafkaException if the log cannot be read
     */
    LogPosition appendedAt(Topic topic, int partition, Instant at);
}
