package io.tailrace.coordinator.host;

import io.tailrace.events.kafka.TopicSettings;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where the log is and how its topics are made where they do not exist yet.
 *
 * @param bootstrapServers host:port, separated by commas
 * @param partitions of every topic that is keyed by run; never changed once the topics exist
 * @param requestPartitions of the work queues
 * @param replicationFactor of all topics, those of the coordinator's state included
 * @param retention of the event topics; a run that ended longer ago is forgotten
 */
@ConfigurationProperties(prefix = "tailrace.kafka", ignoreUnknownFields = false)
public record KafkaSettings(
        @DefaultValue("127.0.0.1:9092") String bootstrapServers,
        @DefaultValue("12") int partitions,
        @DefaultValue("1") int requestPartitions,
        @DefaultValue("1") int replicationFactor,
        @DefaultValue("30d") Duration retention) {
    /** @throws IllegalArgumentException if a value is out of its bounds */
    public KafkaSettings {
        if (bootstrapServers.isBlank()) {
            throw new IllegalArgumentException("tailrace.kafka.bootstrap-servers must name a broker");
        }
        within("partitions", partitions, 1, 10_000);
        within("request-partitions", requestPartitions, 1, 10_000);
        within("replication-factor", replicationFactor, 1, Short.MAX_VALUE);
        if (!retention.isPositive()) {
            throw new IllegalArgumentException("tailrace.kafka.retention must be positive");
        }
    }

    /** How topics are made. */
    public TopicSettings topics() {
        return new TopicSettings(partitions, requestPartitions, replicationFactor, retention);
    }

    /**
     * What every Kafka client of this process is configured with. A new, mutable map.
     *
     * @param clientId what the client is called in the broker's logs and in metrics
     */
    public Map<String, Object> client(String clientId) {
        Map<String, Object> client = new HashMap<>();
        client.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        client.put(CommonClientConfigs.CLIENT_ID_CONFIG, clientId);
        // A broker that comes back is found soon; the defaults back off up to a second and more.
        client.put(CommonClientConfigs.RECONNECT_BACKOFF_MS_CONFIG, 100);
        client.put(CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG, 500);
        client.put(CommonClientConfigs.ENABLE_METRICS_PUSH_CONFIG, false);
        return client;
    }

    private static void within(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    "tailrace.kafka." + name + " must be from " + least + " to " + most + ", not " + value);
        }
    }
}
