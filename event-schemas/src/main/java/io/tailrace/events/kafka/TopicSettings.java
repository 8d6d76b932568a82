package io.tailrace.events.kafka;

import java.time.Duration;

/**
 * How our topics are made where they do not exist yet.
 *
 * @param partitions of every topic that is keyed by run
 * @param requestPartitions of the work queues
 * @param replicationFactor of all; see {@link #minInSyncReplicas()}
 * @param retention of the event topics
 */
public record TopicSettings(int partitions, int requestPartitions, int replicationFactor, Duration retention) {
    /** @throws IllegalArgumentException if a number is below 1 or the retention not positive */
    public TopicSettings {
        if (partitions < 1 || requestPartitions < 1 || replicationFactor < 1 || !retention.isPositive()) {
            throw new IllegalArgumentException("partitions, replication factor and retention must be positive");
        }
    }

    /**
     * How many replicas have to have a record before it counts as written: two wherever there are two. With one of two, the
     * loss of a broker could take with it what was acknowledged.
     */
    public int minInSyncReplicas() {
        return Math.min(replicationFactor, 2);
    }
}
