package io.tailrace.events.kafka;

import java.time.Duration;

/**
 * How our topics are made where they do not exist yet.
 *
 * @param partitions of every topic that is keyed by run
 * @param requestPartitions of the work queues
 * @param replicationFactor of all; from 3 on, two replicas have to have a record
 * @param retention of the event topics
 */
public record TopicSettings(int partitions, int requestPartitions, int replicationFactor, Duration retention) {
    /** @throws IllegalArgumentException if a number is below 1 or the retention not positive */
    public TopicSettings {
        if (partitions < 1 || requestPartitions < 1 || replicationFactor < 1 || !retention.isPositive()) {
            throw new IllegalArgumentException("partitions, replication factor and retention must be positive");
        }
    }
}
