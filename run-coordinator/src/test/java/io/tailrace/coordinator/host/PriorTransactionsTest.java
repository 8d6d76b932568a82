package io.tailrace.coordinator.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.local.testing.TestKafka;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Transactions that a process has left open, on a real broker. */
class PriorTransactionsTest {
    private static final String APPLICATION = "prior-test";

    @TempDir
    private Path folder;

    private final String topic = "prior." + UUID.randomUUID();
    private final List<KafkaProducer<String, String>> open = new ArrayList<>();
    private Admin admin;

    @BeforeEach
    void start() throws Exception {
        admin = Admin.create(Map.of("bootstrap.servers", TestKafka.shared().bootstrapServers()));
        admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get(60, TimeUnit.SECONDS);
    }

    @AfterEach
    void end() {
        open.forEach(it -> it.close(Duration.ZERO));
        admin.close(Duration.ZERO);
    }

    @Test
    void whatThisProcessLeftOpenIsEndedAndCannotBeCommittedAnyMore() throws Exception {
        String id = APPLICATION + "-" + UUID.randomUUID() + "-1";
        KafkaProducer<String, String> left = leftOpen(id);
        prior().resolve(Set.of(id));
        Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> lastStableOffset() == 2);
        assertThatThrownBy(left::commitTransaction).isInstanceOf(ApiException.class);
    }

    @Test
    void theProcessBeforeOnTheSameStateDirectoryIsKnown() throws Exception {
        UUID process = UUID.randomUUID();
        KafkaProducer<String, String> left = leftOpen(APPLICATION + "-" + process + "-2");
        Files.createDirectories(folder.resolve(APPLICATION));
        Files.writeString(
                folder.resolve(APPLICATION).resolve("kafka-streams-process-metadata"),
                "{\"processId\":\"" + process + "\"}");
        prior().resolve(Set.of());
        assertThatThrownBy(left::commitTransaction).isInstanceOf(ApiException.class);
    }

    @Test
    void whatAnotherProcessWritesIsLeftAlone() throws Exception {
        KafkaProducer<String, String> others = leftOpen(APPLICATION + "-" + UUID.randomUUID() + "-1");
        prior().resolve(Set.of());
        others.commitTransaction();
        Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> lastStableOffset() == 2);
    }

    private PriorTransactions prior() {
        return new PriorTransactions(admin, APPLICATION, folder);
    }

    private KafkaProducer<String, String> leftOpen(String transactionalId) throws Exception {
        KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        TestKafka.shared().bootstrapServers(),
                        ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                        transactionalId),
                new StringSerializer(),
                new StringSerializer());
        open.add(producer);
        producer.initTransactions();
        producer.beginTransaction();
        producer.send(new ProducerRecord<>(topic, "left")).get(60, TimeUnit.SECONDS);
        assertThat(lastStableOffset()).isZero();
        return producer;
    }

    private long lastStableOffset() throws Exception {
        TopicPartition partition = new TopicPartition(topic, 0);
        return admin.listOffsets(
                        Map.of(partition, OffsetSpec.latest()), new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                .partitionResult(partition)
                .get(60, TimeUnit.SECONDS)
                .offset();
    }
}
