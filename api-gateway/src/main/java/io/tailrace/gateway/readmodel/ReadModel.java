package io.tailrace.gateway.readmodel;

import io.tailrace.events.codec.UndecodableRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What is made of a compacted topic. Written by its tail's thread alone. */
public interface ReadModel {
    /** Forgets everything: the topic is read from its beginning. */
    void clear();

    /**
     * Takes the next record.
     *
     * @throws UndecodableRecord if it is none of ours; it is counted and skipped
     */
    void apply(ConsumerRecord<byte[], byte[]> record) throws UndecodableRecord;
}
