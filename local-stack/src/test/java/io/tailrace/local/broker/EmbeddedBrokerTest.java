package io.tailrace.local.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.local.process.ChildProcess;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
class EmbeddedBrokerTest {

    @TempDir
    Path folder;

    @Test
    void keepsItsRecordsOverKillAndOverOrderlyRestart() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder, BrokerSettings.forTests())) {
            createTopic(broker, "kept");
            produce(broker, "kept", "before the kill");
            long firstPid = broker.pid();

            broker.killHard();
            assertThat(broker.isAlive()).isFalse();
            broker.restart();
            produce(broker, "kept", "before the restart");
            broker.restart();

            assertThat(broker.pid()).isNotEqualTo(firstPid);
            assertThat(readAll(broker, "kept", 2)).containsExactly("before the kill", "before the restart");
        }
    }

    @Test
    void coordinatorsLoadTheirGroupsOnceWhenTheBrokerIsBackAfterAKill() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder, BrokerSettings.forTests())) {
            createTopic(broker, "work");
            readShareGroupFromTheBeginning(broker, "workers");
            handsOutWork(broker, "before the kill");
            broker.killHard();
            long seen = Files.size(broker.log());

            broker.restart();

            handsOutWork(broker, "after the kill");
            String since =
                    Files.readString(broker.log(), StandardCharsets.UTF_8).substring(Math.toIntExact(seen));
            assertThat(since).contains("Finished loading of metadata from __consumer_offsets-");
            assertThat(since.lines().filter(line -> line.contains("Scheduling loading of metadata from")))
                    .as("once for each partition of __consumer_offsets and of __share_group_state")
                    .hasSize(8);
            assertThat(since).doesNotContain("Failed to load", "Started unloading");
        }
    }

    @Test
    void startsAgainOnAnotherPortWithTheSameFolder() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder, BrokerSettings.forTests())) {
            createTopic(broker, "moved");
            produce(broker, "moved", "here");
        }
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder, BrokerSettings.forTests())) {
            assertThat(readAll(broker, "moved", 1)).containsExactly("here");
        }
    }

    @Test
    void refusesAFolderOrAPortThatAnotherUsesWhichServesOn(@TempDir Path other) throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder, BrokerSettings.forTests())) {
            assertThatThrownBy(() -> EmbeddedBroker.start(folder, BrokerSettings.forTests()))
                    .isInstanceOf(BrokerStartException.class)
                    .hasMessageContaining("is in use by another broker")
                    .hasMessageContaining(folder.toString());
            assertThatThrownBy(() -> EmbeddedBroker.start(other, BrokerSettings.durable(broker.port())))
                    .isInstanceOf(BrokerStartException.class)
                    .hasMessageContaining("Port " + broker.port() + " is taken");
            assertThat(broker.isAlive()).isTrue();
            assertThat(ChildProcess.attach(broker.pidFile()))
                    .hasValueSatisfying(found -> assertThat(found.pid()).isEqualTo(broker.pid()));
            assertHasNoTopicsAndListensOnLoopback(broker);
            createTopic(broker, "work");
            readShareGroupFromTheBeginning(broker, "workers");
            handsOutWork(broker, "dig a hole");
        }
    }

    private static void assertHasNoTopicsAndListensOnLoopback(EmbeddedBroker broker) throws Exception {
        try (Admin admin = admin(broker)) {
            assertThat(admin.listTopics().names().get()).isEmpty();
            assertThat(admin.describeCluster().nodes().get())
                    .hasSize(1)
                    .allSatisfy(node -> assertThat(node.host()).isEqualTo("127.0.0.1"));
        }
    }

    private static void handsOutWork(EmbeddedBroker broker, String work) throws Exception {
        produce(broker, "work", work);
        try (KafkaShareConsumer<String, String> consumer = shareConsumer(broker, "workers")) {
            consumer.subscribe(List.of("work"));
            ConsumerRecord<String, String> record = takeOne(consumer);
            assertThat(record.value()).isEqualTo(work);
            assertThat(record.deliveryCount()).contains((short) 1);
            consumer.acknowledge(record, AcknowledgeType.ACCEPT);
            assertThat(consumer.commitSync())
                    .allSatisfy((partition, failure) -> assertThat(failure).isEmpty());
        }
    }

    private static ConsumerRecord<String, String> takeOne(KafkaShareConsumer<String, String> consumer) {
        for (int polls = 0; polls < 1_000; polls++) {
            for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(50))) {
                return record;
            }
        }
        throw new AssertionError("no record was handed out");
    }

    private static void readShareGroupFromTheBeginning(EmbeddedBroker broker, String group) throws Exception {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.GROUP, group);
        try (Admin admin = admin(broker)) {
            admin.incrementalAlterConfigs(Map.of(
                            resource,
                            List.of(
                                    set("share.auto.offset.reset", "earliest"),
                                    set("share.record.lock.duration.ms", "1500"))))
                    .all()
                    .get();
        }
    }

    private static AlterConfigOp set(String name, String value) {
        return new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET);
    }

    private static KafkaShareConsumer<String, String> shareConsumer(EmbeddedBroker broker, String group) {
        return new KafkaShareConsumer<>(
                Map.of(
                        "bootstrap.servers", broker.bootstrapServers(),
                        "group.id", group,
                        "share.acknowledgement.mode", "explicit",
                        "share.acquire.mode", "record_limit",
                        "max.poll.records", "2"),
                new StringDeserializer(),
                new StringDeserializer());
    }

    static Admin admin(EmbeddedBroker broker) {
        return Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
    }

    static void createTopic(EmbeddedBroker broker, String topic) throws Exception {
        try (Admin admin = admin(broker)) {
            admin.createTopics(List.of(new NewTopic(topic, Optional.of(1), Optional.empty())))
                    .all()
                    .get();
        }
    }

    static void produce(EmbeddedBroker broker, String topic, String value) throws Exception {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "acks", "all"),
                new StringSerializer(),
                new StringSerializer())) {
            producer.send(new ProducerRecord<>(topic, value)).get();
        }
    }

    static List<String> readAll(EmbeddedBroker broker, String topic, int expected) {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(Map.of(
                "bootstrap.servers", broker.bootstrapServers(),
                "key.deserializer", "org.apache.kafka.common.serialization.ByteArrayDeserializer",
                "value.deserializer", "org.apache.kafka.common.serialization.ByteArrayDeserializer"))) {
            TopicPartition partition = new TopicPartition(topic, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            List<String> values = new ArrayList<>();
            for (int polls = 0; polls < 300 && values.size() < expected; polls++) {
                consumer.poll(Duration.ofMillis(100))
                        .forEach(record -> values.add(new String(record.value(), StandardCharsets.UTF_8)));
            }
            return values;
        }
    }
}
