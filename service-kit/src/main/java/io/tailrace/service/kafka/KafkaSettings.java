package io.tailrace.service.kafka;

import io.tailrace.events.kafka.TopicSettings;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How topics are made where they do not exist yet. Where the brokers are, and how to connect to them, is said by Boot's
 * {@code spring.kafka.*}.
 *
 * @param partitions of every topic that is keyed by run; never changed once the topics exist
 * @param requestPartitions of the work queues
 * @param replicationFactor of all topics, those of the coordinator's state included
 * @param retention of the event topics; a run that ended longer ago is forgotten
 */
@ConfigurationProperties("tailrace.kafka")
public record KafkaSettings(
        @DefaultValue("12") int partitions,
        @DefaultValue("1") int requestPartitions,
        @DefaultValue("1") int replicationFactor,
        @DefaultValue("30d") Duration retention) {
    /** What Kafka counts in. */
    private static final Duration SHORTEST = Duration.ofMillis(1);

    private static final Duration LONGEST = Duration.ofDays(36_500);

    /** @throws IllegalArgumentException if a value is out of its bounds */
    public KafkaSettings {
        within("partitions", partitions, 10_000);
        within("request-partitions", requestPartitions, 10_000);
        within("replication-factor", replicationFactor, Short.MAX_VALUE);
        if (retention.compareTo(SHORTEST) < 0 || retention.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "tailrace.kafka.retention must be from 1 ms to 36500 days, not " + retention);
        }
    }

    /** The same for whoever makes topics. */
    public TopicSettings topics() {
        return new TopicSettings(partitions, requestPartitions, replicationFactor, retention);
    }

    private static void within(String name, int value, int most) {
        if (value < 1 || value > most) {
            throw new IllegalArgumentException(
                    "tailrace.kafka." + name + " must be from 1 to " + most + ", not " + value);
        }
    }
}
