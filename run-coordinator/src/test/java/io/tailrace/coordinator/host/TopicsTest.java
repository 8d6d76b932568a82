package io.tailrace.coordinator.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.events.kafka.TopicSettings;
import io.tailrace.events.kafka.Topics;
import io.tailrace.events.log.Topic;
import io.tailrace.local.testing.TestKafka;
import io.tailrace.service.kafka.KafkaClients;
import io.tailrace.service.kafka.KafkaSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsResult;
import org.apache.kafka.clients.admin.ForwardingAdmin;
import org.apache.kafka.common.TopicCollection;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopicsTest {
    /** With one replica of two, the loss of a broker could take with it what was acknowledged. */
    @ParameterizedTest
    @CsvSource({"1,1", "2,2", "3,2", "5,2"})
    void fromTwoReplicasOnTwoMustHaveARecord(int replicas, int inSync) {
        KafkaSettings kafka = new KafkaSettings(3, 1, replicas, Duration.ofDays(30));
        CoordinatorSettings settings = new CoordinatorSettings(
                "tailrace-coordinator",
                Path.of("state"),
                1,
                0,
                Duration.ofMillis(20),
                Duration.ofMillis(5),
                Duration.ofSeconds(10),
                Duration.ofSeconds(10),
                Duration.ofSeconds(30));

        assertThat(kafka.topics().minInSyncReplicas()).isEqualTo(inSync);
        assertThat(StreamsProperties.of(KafkaClients.at("127.0.0.1:1"), kafka, settings, "test"))
                .as("the topics that back the state")
                .containsEntry("topic.min.insync.replicas", Integer.toString(inSync))
                .containsEntry("replication.factor", replicas);
    }

    @Test
    void topicsAreMadeWithTheReplicasThatTheyNeed() throws Exception {
        TopicSettings settings = new TopicSettings(3, 1, 1, Duration.ofDays(30));
        try (Admin admin =
                Admin.create(Map.of("bootstrap.servers", TestKafka.shared().bootstrapServers()))) {
            Topics.ensure(admin, settings);
            List<ConfigResource> topics = Arrays.stream(Topic.values())
                    .map(it -> new ConfigResource(ConfigResource.Type.TOPIC, it.topicName()))
                    .toList();

            assertThat(admin.describeConfigs(topics).all().get().values()).allSatisfy(it -> {
                assertThat(it.get("min.insync.replicas").value())
                        .isEqualTo(Integer.toString(settings.minInSyncReplicas()));
                assertThat(it.get("min.insync.replicas").source())
                        .as("said by us, not by the broker")
                        .isEqualTo(ConfigEntry.ConfigSource.DYNAMIC_TOPIC_CONFIG);
            });
        }
    }

    @Test
    void aBrokerThatHasNotHeardOfATopicYetIsAskedAgain() throws Exception {
        try (LateAdmin admin = new LateAdmin(TestKafka.shared().bootstrapServers())) {
            Topics.ensure(admin, new TopicSettings(3, 1, 1, Duration.ofDays(30)));

            assertThat(admin.asked).hasValue(3);
        }
    }

    /** Asks for a topic that nobody made, twice, before it asks for what it was to ask. */
    private static final class LateAdmin extends ForwardingAdmin {
        private final AtomicInteger asked = new AtomicInteger();

        LateAdmin(String servers) {
            super(Map.of("bootstrap.servers", servers));
        }

        @Override
        public DescribeTopicsResult describeTopics(TopicCollection topics, DescribeTopicsOptions options) {
            boolean late = asked.incrementAndGet() < 3;
            return super.describeTopics(late ? TopicCollection.ofTopicNames(List.of("of-nobody")) : topics, options);
        }
    }
}
