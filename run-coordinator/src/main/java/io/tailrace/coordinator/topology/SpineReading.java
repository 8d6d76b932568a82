package io.tailrace.coordinator.topology;

import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** The spine, for tasks that start: each reading is of its own, beside whatever else is being read. */
public interface SpineReading {
    /**
     * Reads the committed records of a partition of run-events, up to what was written by now. What is pending there is
     * waited for: it is read if it is committed. Blocks; what does not get on for a while is given up.
     *
     * @param from the first offset wanted; the partition's start if that lies behind it, or if its end lies before it
     * @param most reads only if there are no more offsets than that
     * @return the offset after what was written by now
     * @throws SpineTooLong if there are more; then nothing was read
     * @throws org.apache.kafka.common.KafkaException if it cannot be read to there
     */
    long read(int partition, long from, long most, Consumer<ConsumerRecord<byte[], byte[]>> visitor);
}
