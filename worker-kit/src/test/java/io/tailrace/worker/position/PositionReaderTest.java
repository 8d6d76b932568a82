package io.tailrace.worker.position;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.events.kafka.TopicSettings;
import io.tailrace.events.kafka.Topics;
import io.tailrace.events.log.LogPosition;
import io.tailrace.events.log.Topic;
import io.tailrace.local.broker.BrokerSettings;
import io.tailrace.local.broker.EmbeddedBroker;
import io.tailrace.service.kafka.KafkaClients;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a broker of its own, because positions are counted. */
class PositionReaderTest {
    private static final int RECORDS = 2_000;
    private static final int TRIMMED = 100;
    private static final Topic TOPIC = Topic.TURN_EVENTS;

    @TempDir
    private static Path folder;

    private static EmbeddedBroker broker;
    private static PositionReader reader;

    @BeforeAll
    static void start() throws Exception {
        broker = EmbeddedBroker.start(folder, BrokerSettings.forTests());
        reader = new PositionReader(KafkaClients.at(broker.bootstrapServers()), "test");
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
                KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                        Map.of("bootstrap.servers", broker.bootstrapServers()),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            Topics.ensure(admin, new TopicSettings(2, 1, 1, Duration.ofDays(1)));
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (int i = 0; i < RECORDS; i++) {
                sent.add(producer.send(new ProducerRecord<>(TOPIC.topicName(), 1, new byte[0], bytes(i))));
                if (i == 0) {
                    // A leader that is not ready yet can refuse a producer's first batch and take its second, and then
                    // refuses the first for good.
                    sent.getFirst().get();
                }
            }
            for (int i = 0; i < RECORDS; i++) {
                assertThat(sent.get(i).get().offset()).isEqualTo(i);
            }
            admin.deleteRecords(Map.of(new TopicPartition(TOPIC.topicName(), 1), RecordsToDelete.beforeOffset(TRIMMED)))
                    .all()
                    .get();
        }
    }

    @AfterAll
    static void stop() {
        reader.close();
        broker.killHard();
    }

    private static byte[] bytes(long number) {
        return Long.toString(number).getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void aRecordIsReadWhereItLies() {
        assertThat(reader.read(new LogPosition(TOPIC, 1, 777)).orElseThrow().value())
                .isEqualTo(bytes(777));
    }

    @Test
    void manyAreReadWhetherTheyLieCloseOrFarApart() {
        List<Long> wanted = List.of(1999L, 150L, 151L, 400L, 1200L, 1201L, 150L);

        Map<Long, PositionReader.Found> found = reader.read(TOPIC, 1, wanted);

        assertThat(found.keySet()).containsExactlyInAnyOrder(150L, 151L, 400L, 1200L, 1201L, 1999L);
        found.forEach((offset, it) -> assertThat(it.value()).isEqualTo(bytes(offset)));
    }

    @Test
    void whatIsNotThereAnyMoreOrNotYetIsLeftOut() {
        assertThat(reader.read(TOPIC, 1, List.of(5L, 99L, 100L, 2000L, 50_000L)).keySet())
                .containsExactly(100L);
        for (long offset : new long[] {5, 99, 2000, 50_000}) {
            assertThat(reader.read(new LogPosition(TOPIC, 1, offset)))
                    .as("offset " + offset)
                    .isEmpty();
        }
        assertThat(reader.read(new LogPosition(TOPIC, 0, 0))).isEmpty();
        assertThat(reader.read(TOPIC, 1, List.of())).isEmpty();
    }

    @Test
    void aScanGoesFromAPositionToBeforeAnOffset() {
        List<Long> offsets = new ArrayList<>();
        reader.scan(
                new LogPosition(TOPIC, 1, 0),
                103,
                it -> offsets.add(it.position().offset()));

        assertThat(offsets).as("from what is left").containsExactly(100L, 101L, 102L);
        offsets.clear();
        reader.scan(new LogPosition(TOPIC, 1, 1000), Long.MAX_VALUE, it -> {
            offsets.add(it.position().offset());
            return offsets.size() < 2;
        });
        assertThat(offsets).containsExactly(1000L, 1001L);
    }

    @Test
    void manyThreadsShareAFewConsumers() throws Exception {
        AtomicInteger made = new AtomicInteger();
        try (PositionReader shared = new PositionReader(() -> {
                    made.incrementAndGet();
                    return PositionReader.consumer(KafkaClients.at(broker.bootstrapServers()), "shared");
                });
                ExecutorService threads = Executors.newFixedThreadPool(100)) {
            List<Future<byte[]>> answers = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                LogPosition position = new LogPosition(TOPIC, 1, 200 + i);
                answers.add(
                        threads.submit(() -> shared.read(position).orElseThrow().value()));
            }
            for (int i = 0; i < 200; i++) {
                assertThat(answers.get(i).get()).isEqualTo(bytes(200 + i));
            }
        }
        assertThat(made.get()).isBetween(1, 32);
    }
}
