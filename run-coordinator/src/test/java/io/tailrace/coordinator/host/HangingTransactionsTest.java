package io.tailrace.coordinator.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.local.broker.BrokerSettings;
import io.tailrace.local.broker.EmbeddedBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a broker of its own, because it has to be robbed of what it knows of its transactions. */
class HangingTransactionsTest {
    private static final String OURS = "tailrace.test";
    private static final String GROUP = "tailrace-test";
    private static final String FOREIGN = "foreign.test";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private Path folder;

    private EmbeddedBroker broker;
    private Admin admin;

    @BeforeEach
    void start() throws Exception {
        broker = EmbeddedBroker.start(folder, BrokerSettings.forTests());
        admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
        admin.createTopics(List.of(new NewTopic(OURS, 1, (short) 1), new NewTopic(FOREIGN, 1, (short) 1)))
                .all()
                .get();
    }

    @AfterEach
    void end() {
        admin.close(Duration.ZERO);
        broker.killHard();
    }

    @Test
    void aTransactionThatGoesOnIsLeftAlone() throws Exception {
        try (KafkaProducer<String, String> producer = producer("alive")) {
            producer.beginTransaction();
            write(producer, OURS, "alive");
            assertThat(new HangingTransactions(admin).abort("tailrace", GROUP)).isZero();
            producer.commitTransaction();
        }
        assertThat(committed(OURS, 1)).containsExactly("alive");
    }

    @Test
    void anEndedTransactionIsNotAbortedOnceMore() throws Exception {
        try (KafkaProducer<String, String> producer = producer("done")) {
            producer.beginTransaction();
            write(producer, OURS, "done");
            producer.commitTransaction();
            assertThat(new HangingTransactions(admin).abort("tailrace", GROUP)).isZero();
        }
    }

    @Test
    void whatThePartitionAloneHoldsOpenIsAbortedAndReadersGoOn() throws Exception {
        try (KafkaProducer<String, String> lost = producer("lost")) {
            lost.beginTransaction();
            write(lost, OURS, "lost");
            write(lost, FOREIGN, "lost");
            broker.killHard();
            forgetTransactions();
            broker.restart();
            awaitNoTransactions();
            lost.close(Duration.ZERO);
        }
        assertThat(new HangingTransactions(admin).abort("tailrace", GROUP))
                .as("only the one in our topic")
                .isOne();
        try (KafkaProducer<String, String> producer = producer("next")) {
            producer.beginTransaction();
            write(producer, OURS, "next");
            producer.commitTransaction();
        }
        assertThat(committed(OURS, 1)).as("nothing of the aborted one").containsExactly("next");
        assertThat(new HangingTransactions(admin).abort("tailrace", GROUP)).isZero();
    }

    @Test
    void aCommitOfOffsetsThatHangsIsAbortedAndItsGroupGoesOn() throws Exception {
        Set<TopicPartition> partition = Set.of(new TopicPartition(OURS, 0));
        try (KafkaProducer<String, String> lost = producer("lost");
                KafkaConsumer<String, String> member = consumer(Map.of(ConsumerConfig.GROUP_ID_CONFIG, GROUP))) {
            lost.beginTransaction();
            lost.sendOffsetsToTransaction(
                    Map.of(new TopicPartition(OURS, 0), new OffsetAndMetadata(5)), member.groupMetadata());
            broker.killHard();
            forgetTransactions();
            broker.restart();
            awaitNoTransactions();
            lost.close(Duration.ZERO);
        }
        try (KafkaConsumer<String, String> member = consumer(Map.of(ConsumerConfig.GROUP_ID_CONFIG, GROUP))) {
            assertThatThrownBy(() -> member.committed(partition, Duration.ofSeconds(3)))
                    .as("nobody is told what the group has committed")
                    .isInstanceOf(TimeoutException.class);

            assertThat(new HangingTransactions(admin).abort("tailrace", GROUP)).isOne();

            assertThat(member.committed(partition, PATIENCE)).containsValue(null);
        }
        assertThat(new HangingTransactions(admin).abort("tailrace", GROUP)).isZero();
    }

    private KafkaProducer<String, String> producer(String transactionalId) {
        KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        broker.bootstrapServers(),
                        ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                        transactionalId),
                new StringSerializer(),
                new StringSerializer());
        producer.initTransactions();
        return producer;
    }

    private static void write(KafkaProducer<String, String> producer, String topic, String value) throws Exception {
        producer.send(new ProducerRecord<>(topic, value)).get();
    }

    /** What a broker knows of its transactions lies in a topic of its own. */
    private void forgetTransactions() throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            List<Path> deepestFirst = all.filter(it -> it.toString().contains("__transaction_state-"))
                    .sorted(Comparator.reverseOrder())
                    .toList();
            assertThat(deepestFirst).isNotEmpty();
            for (Path path : deepestFirst) {
                Files.delete(path);
            }
        }
    }

    private void awaitNoTransactions() {
        Awaitility.await()
                .atMost(PATIENCE)
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(admin.listTransactions().all().get())
                        .extracting(TransactionListing::transactionalId)
                        .isEmpty());
    }

    private List<String> committed(String topic, int count) {
        TopicPartition partition = new TopicPartition(topic, 0);
        List<String> values = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer = consumer(Map.of())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            Awaitility.await().atMost(PATIENCE).until(() -> {
                consumer.poll(Duration.ofMillis(100)).forEach(it -> values.add(it.value()));
                return values.size() >= count;
            });
        }
        return values;
    }

    private KafkaConsumer<String, String> consumer(Map<String, Object> more) {
        Map<String, Object> config = new HashMap<>(more);
        config.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers());
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        return new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer());
    }
}
