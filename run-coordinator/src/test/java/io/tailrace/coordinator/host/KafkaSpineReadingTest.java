package io.tailrace.coordinator.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.coordinator.topology.SpineReading;
import io.tailrace.coordinator.topology.SpineTooLong;
import io.tailrace.events.kafka.TopicSettings;
import io.tailrace.events.kafka.Topics;
import io.tailrace.events.log.Topic;
import io.tailrace.local.testing.TestKafka;
import io.tailrace.service.kafka.ClientName;
import io.tailrace.service.kafka.KafkaClients;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The spine on a real broker, with a transaction that is open when the reading begins. */
@Timeout(120)
class KafkaSpineReadingTest {
    private static final int PARTITIONS = 3;
    private static final int PARTITION = 2;
    private static final long MOST = 1_000_000;

    private final KafkaClients kafka = KafkaClients.at(TestKafka.shared().bootstrapServers());
    private final SpineReading spine = reading(Duration.ofMinutes(1));
    private Producer<byte[], byte[]> done;
    private Producer<byte[], byte[]> pending;
    private final CountDownLatch reached = new CountDownLatch(1);
    private long from;

    @BeforeEach
    void start() throws Exception {
        try (Admin admin = kafka.admin(new ClientName("spine-test", "admin"), Map.of())) {
            Topics.ensure(admin, new TopicSettings(PARTITIONS, 1, 1, Duration.ofDays(30)));
        }
        done = producer();
        pending = producer();
        done.beginTransaction();
        from = send(done, "committed");
        done.commitTransaction();
        pending.beginTransaction();
        assertThat(send(pending, "pending")).isGreaterThan(from);
    }

    @AfterEach
    void end() {
        done.close(Duration.ofSeconds(5));
        pending.close(Duration.ofSeconds(5));
    }

    /** It is committed when the reading is under way: the end that it goes to was asked for before. */
    @Test
    void whatIsPendingIsReadWhenItIsCommitted() {
        List<String> read = new ArrayList<>();
        long end = spine.read(PARTITION, from, MOST, record -> {
            if (read.isEmpty()) {
                pending.commitTransaction();
            }
            read.add(text(record.value()));
        });

        assertThat(read).containsExactly("committed", "pending");
        assertThat(end).isGreaterThan(from + 2);
    }

    @Test
    void whatIsPendingAndAbortedIsNotRead() {
        List<String> read = new ArrayList<>();
        long end = spine.read(PARTITION, from, MOST, record -> {
            pending.abortTransaction();
            read.add(text(record.value()));
        });

        assertThat(read).containsExactly("committed");
        assertThat(spine.read(PARTITION, end, MOST, record -> read.add("again")))
                .isGreaterThanOrEqualTo(end);
        assertThat(read).hasSize(1);
    }

    @Test
    void aPositionThatTheSpineDoesNotHaveIsItsBeginning() {
        pending.abortTransaction();
        List<String> read = new ArrayList<>();
        spine.read(PARTITION, Long.MAX_VALUE, MOST, record -> read.add(text(record.value())));

        assertThat(read).endsWith("committed");
    }

    @Test
    void moreThanIsWantedIsNotRead() {
        List<String> read = new ArrayList<>();
        assertThatThrownBy(() -> spine.read(PARTITION, from, 1, record -> read.add(text(record.value()))))
                .isInstanceOf(SpineTooLong.class);

        assertThat(read).isEmpty();
    }

    @Test
    void whatStaysPendingIsGivenUp() {
        assertThatThrownBy(() -> reading(Duration.ofMillis(100)).read(PARTITION, from, MOST, _ -> {}))
                .isInstanceOf(TimeoutException.class)
                .hasMessageContaining("neither been committed nor");
    }

    @Test
    void aReadingThatWaitsEndsWhenItIsClosed() throws Exception {
        KafkaSpineReading closing = reading(Duration.ofDays(1));
        CompletableFuture<Long> read =
                CompletableFuture.supplyAsync(() -> closing.read(PARTITION, from, MOST, _ -> reached.countDown()));
        assertThat(reached.await(60, TimeUnit.SECONDS)).isTrue();
        closing.close();

        assertThat(read)
                .failsWithin(Duration.ofSeconds(60))
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(TimeoutException.class)
                .withMessage("the session is ending");
        assertThatThrownBy(() -> closing.read(PARTITION, from, MOST, _ -> {})).isInstanceOf(TimeoutException.class);
    }

    private KafkaSpineReading reading(Duration nothingFor) {
        return new KafkaSpineReading(kafka, "spine-test", nothingFor, () -> {});
    }

    private static String text(byte[] value) {
        return new String(value, StandardCharsets.UTF_8);
    }

    private Producer<byte[], byte[]> producer() {
        Producer<byte[], byte[]> producer = kafka.producer(
                new ClientName("spine-test", "writer"),
                Map.of(ProducerConfig.TRANSACTIONAL_ID_CONFIG, UUID.randomUUID().toString()));
        producer.initTransactions();
        return producer;
    }

    private static long send(Producer<byte[], byte[]> producer, String text) throws Exception {
        return producer.send(new ProducerRecord<>(
                        Topic.RUN_EVENTS.topicName(), PARTITION, null, text.getBytes(StandardCharsets.UTF_8)))
                .get(60, TimeUnit.SECONDS)
                .offset();
    }
}
