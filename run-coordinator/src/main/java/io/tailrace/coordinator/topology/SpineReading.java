package io.tailrace.coordinator.topology;

import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** The spine, for a task that starts: read on its own thread, beside whatever else is being read. */
public interface SpineReading {
    /**
     * Reads the committed records of a partition of run-events, up to what was written by now. What is pending there is
     * waited for: it is read if it is committed. Blocks, bounded.
     *
     * @param from the first offset wanted; the partition's start if that lies behind it, or if its end lies before it
     * @return the offset after what was written by now
     * @throws org.apache.kafka.common.KafkaException if it cannot be read to there
     */
    long read(int partition, long from, Consumer<ConsumerRecord<byte[], byte[]>> visitor);
}
