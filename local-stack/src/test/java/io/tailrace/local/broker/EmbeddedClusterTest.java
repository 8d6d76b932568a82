package io.tailrace.local.broker;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
class EmbeddedClusterTest {

    @TempDir
    Path folder;

    @Test
    void threeBrokersKeepWritingWhenOneOfThemIsKilled() throws Exception {
        try (EmbeddedCluster cluster = EmbeddedCluster.start(folder, 3, BrokerSettings.forTests())) {
            EmbeddedBroker witness = cluster.brokers().get(2);
            EmbeddedBrokerTest.createTopic(witness, "replicated");
            assertThat(replicasOf(witness, "replicated")).isEqualTo(3);
            assertThat(minInSync(witness, "replicated")).isEqualTo("2");

            cluster.brokers().getFirst().killHard();
            EmbeddedBrokerTest.produce(witness, "replicated", "two are enough");
            cluster.brokers().getFirst().restart();

            assertThat(EmbeddedBrokerTest.readAll(cluster.brokers().getFirst(), "replicated", 1))
                    .containsExactly("two are enough");
        }
        assertThatThrownBy(() -> EmbeddedCluster.start(folder, 1, BrokerSettings.forTests()))
                .isInstanceOf(BrokerStartException.class)
                .hasMessageContaining("belongs to a cluster of 3 broker(s)");
    }

    @Test
    void twoBrokersAreRefusedBecauseTheyHaveNoMajority() {
        assertThatThrownBy(() -> EmbeddedCluster.start(folder, 2, BrokerSettings.forTests()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static int replicasOf(EmbeddedBroker broker, String topic) throws Exception {
        try (Admin admin = EmbeddedBrokerTest.admin(broker)) {
            TopicDescription description = requireNonNull(
                    admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic));
            return description.partitions().getFirst().replicas().size();
        }
    }

    private static String minInSync(EmbeddedBroker broker, String topic) throws Exception {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        try (Admin admin = EmbeddedBrokerTest.admin(broker)) {
            Config config = requireNonNull(
                    admin.describeConfigs(List.of(resource)).all().get().get(resource));
            return config.get("min.insync.replicas").value();
        }
    }
}
