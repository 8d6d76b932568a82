package io.tailrace.coordinator.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tailrace.events.kafka.GroupProgress;
import io.tailrace.events.kafka.GroupProgress.Place;
import io.tailrace.events.kafka.OldestWaiting;
import io.tailrace.events.kafka.TopicSettings;
import io.tailrace.events.kafka.Topics;
import io.tailrace.events.log.Topic;
import io.tailrace.local.testing.TestKafka;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** On the broker that all share: a partition may have records of other tests, so each begins at its end. */
class GroupProgressTest {
    private static final Duration WITHIN = Duration.ofSeconds(10);
    private static final Duration SOON = Duration.ofMinutes(1);
    private static final TopicPartition PLACE = new TopicPartition(Topic.RUN_EVENTS.topicName(), 0);

    private final String group = "group-" + UUID.randomUUID();
    private final Instant before = Instant.now().minusSeconds(60);
    private Admin admin;
    private KafkaConsumer<byte[], byte[]> reader;
    private KafkaProducer<byte[], byte[]> plain;
    private KafkaProducer<byte[], byte[]> transactional;

    @BeforeEach
    void start() throws Exception {
        admin = Admin.create(Map.of("bootstrap.servers", TestKafka.shared().bootstrapServers()));
        Topics.ensure(admin, new TopicSettings(3, 1, 1, Duration.ofDays(30)));
        reader = newReader(Map.of());
        plain = producer(Map.of());
        transactional = producer(Map.of(ProducerConfig.TRANSACTIONAL_ID_CONFIG, group));
        transactional.initTransactions();
    }

    @AfterEach
    void end() {
        transactional.close(Duration.ZERO);
        plain.close(Duration.ZERO);
        reader.close(CloseOptions.timeout(WITHIN));
        admin.close(Duration.ZERO);
    }

    @Test
    void whatWaitsIsWhatLiesBehindTheCommit() throws Exception {
        long first = write(plain);
        write(plain);
        commit(first);
        assertThat(place()).isEqualTo(new Place(first, first + 2));
        assertThat(waiting().oldest()).hasValueSatisfying(it -> assertThat(it).isAfter(before));

        commit(first + 2);
        assertThat(place().waiting()).isZero();
        assertThat(waiting().since()).isEmpty();
    }

    @Test
    void whoNeverCommittedHasAllBeforeHim() throws Exception {
        long last = write(plain);
        admin.deleteRecords(Map.of(PLACE, RecordsToDelete.beforeOffset(last)))
                .all()
                .get(60, TimeUnit.SECONDS);
        assertThat(place()).as("from the log's start").isEqualTo(new Place(last, last + 1));
    }

    @Test
    void aCommitBeyondTheEndDecidesNothing() throws Exception {
        long last = write(plain);
        commit(last + 1000);
        assertThat(place().waiting()).isPositive();
    }

    @Test
    void theMarkersOfTransactionsDoNotWaitForEver() throws Exception {
        transactional.beginTransaction();
        long last = write(transactional);
        transactional.commitTransaction();
        commit(last + 1);
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(place().waiting())
                        .as("the marker has an offset")
                        .isOne());
        assertThat(waiting().since()).as("but is nothing that waits").isEmpty();

        transactional.beginTransaction();
        write(transactional);
        transactional.abortTransaction();
        await().atMost(SOON)
                .untilAsserted(() ->
                        assertThat(place().waiting()).as("nor what was aborted").isEqualTo(3));
        assertThat(waiting().since()).isEmpty();

        transactional.beginTransaction();
        write(transactional);
        transactional.commitTransaction();
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(waiting().since())
                        .as("a record behind them does")
                        .containsOnlyKeys(PLACE));
    }

    @Test
    void whatLiesInAnOpenTransactionWaitsSinceNobodyKnows() throws Exception {
        transactional.beginTransaction();
        long last = write(transactional);
        commit(last);
        assertThat(place()).isEqualTo(new Place(last, last + 1));
        assertThat(OldestWaiting.read(reader, ask(), Duration.ofMillis(300)).since())
                .containsExactly(Map.entry(PLACE, Instant.MAX));
        transactional.commitTransaction();
        await().atMost(SOON).untilAsserted(() -> assertThat(waiting().oldest()).isPresent());
    }

    @Test
    void aCommitThatIsPendingDoesNotCount() throws Exception {
        long first = write(plain);
        commit(first);
        transactional.beginTransaction();
        try (KafkaConsumer<byte[], byte[]> member = newReader(Map.of(ConsumerConfig.GROUP_ID_CONFIG, group))) {
            transactional.sendOffsetsToTransaction(
                    Map.of(PLACE, new OffsetAndMetadata(first + 1)), member.groupMetadata());
        }
        assertThat(place()).isEqualTo(new Place(first, first + 1));
        transactional.commitTransaction();
        await().atMost(SOON).untilAsserted(() -> assertThat(place().waiting()).isZero());
    }

    private long write(KafkaProducer<byte[], byte[]> producer) throws Exception {
        return producer.send(new ProducerRecord<>(PLACE.topic(), 0, new byte[0], new byte[0]))
                .get(60, TimeUnit.SECONDS)
                .offset();
    }

    private void commit(long next) throws Exception {
        admin.alterConsumerGroupOffsets(group, Map.of(PLACE, new OffsetAndMetadata(next)))
                .all()
                .get(60, TimeUnit.SECONDS);
    }

    private GroupProgress ask() throws Exception {
        GroupProgress all = GroupProgress.ask(admin, group, List.of(Topic.RUN_EVENTS, Topic.RUN_COMMANDS), WITHIN);
        assertThat(all.places()).hasSize(6);
        return new GroupProgress(Map.of(PLACE, all.at(PLACE)));
    }

    private Place place() throws Exception {
        return ask().at(PLACE);
    }

    private OldestWaiting waiting() throws Exception {
        return OldestWaiting.read(reader, ask(), WITHIN);
    }

    private static KafkaConsumer<byte[], byte[]> newReader(Map<String, Object> more) {
        Map<String, Object> config = new HashMap<>(more);
        config.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, TestKafka.shared().bootstrapServers());
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private static KafkaProducer<byte[], byte[]> producer(Map<String, Object> more) {
        Map<String, Object> config = new HashMap<>(more);
        config.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, TestKafka.shared().bootstrapServers());
        return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }
}
