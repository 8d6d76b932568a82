package io.tailrace.worker.service;

import io.tailrace.events.kafka.TopicSettings;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where the log is and how its topics are made where they do not exist yet.
 *
 * @param bootstrapServers host:port, separated by commas
 * @param partitions of every topic that is keyed by run; never changed once the topics exist
 * @param requestPartitions of the work queues
 * @param replicationFactor of all topics
 * @param retention of the event topics
 */
@ConfigurationProperties(value = "tailrace.kafka", ignoreUnknownFields = false)
public record LogProperties(
        @DefaultValue("127.0.0.1:9092") String bootstrapServers,
        @DefaultValue("12") int partitions,
        @DefaultValue("1") int requestPartitions,
        @DefaultValue("1") int replicationFactor,
        @DefaultValue("30d") Duration retention) {

    /** Names the property that is out of its bounds. */
    public LogProperties {
        if (bootstrapServers.isBlank()) {
            throw new IllegalArgumentException("tailrace.kafka.bootstrap-servers must name a broker");
        }
        atLeastOne("partitions", partitions);
        atLeastOne("request-partitions", requestPartitions);
        atLeastOne("replication-factor", replicationFactor);
        if (!retention.isPositive()) {
            throw new IllegalArgumentException("tailrace.kafka.retention must be positive, not " + retention);
        }
    }

    /** How topics are made. */
    public TopicSettings topics() {
        return new TopicSettings(partitions, requestPartitions, replicationFactor, retention);
    }

    private static void atLeastOne(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException("tailrace.kafka." + name + " must be at least 1, not " + value);
        }
    }
}
