package io.tailrace.worker.attempt;

import io.tailrace.events.id.EventId;
import java.time.Instant;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Makes the record of a fact, for the stage's partition.
 *
 * @param <F> the facts of the stage's topic
 */
public interface FactEncoder<F> {

    /**
     * The record as it is to be sent.
     *
     * @param sequence the record's number within the attempt, from 1
     */
    ProducerRecord<byte[], byte[]> encode(AttemptId attempt, long sequence, EventId id, Instant occurredAt, F fact);
}
