package io.tailrace.gateway.runs;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.events.codec.EventCodec;
import io.tailrace.events.id.RunId;
import io.tailrace.events.kafka.KafkaRecords;
import io.tailrace.events.run.RunStatus;
import io.tailrace.gateway.testing.Answer;
import io.tailrace.gateway.testing.TestGateway;
import io.tailrace.local.testing.TestKafka;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A run is unknown only when the log surely has none: not while a transaction may still bring it. */
class CatchUpTest {
    private static final KafkaRecords RECORDS = new KafkaRecords(new EventCodec());

    private static TestGateway gateway;
    private static TestGateway hasty;
    private static KafkaProducer<byte[], byte[]> producer;

    @BeforeAll
    static void start() {
        gateway = TestGateway.start("tailrace.gateway.catalogue.catch-up-within=1m");
        hasty = TestGateway.start("tailrace.gateway.catalogue.catch-up-within=700ms");
        producer = producer(Map.of(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "catch-up-" + UUID.randomUUID()));
        producer.initTransactions();
    }

    @AfterAll
    static void stop() {
        producer.close();
        hasty.close();
        gateway.close();
    }

    private static KafkaProducer<byte[], byte[]> producer(Map<String, Object> more) {
        Map<String, Object> config = new java.util.HashMap<>(more);
        config.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, TestKafka.shared().bootstrapServers());
        config.put(ProducerConfig.LINGER_MS_CONFIG, "0");
        return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private static ProducerRecord<byte[], byte[]> view(RunId run) {
        return RECORDS.runView(Views.view(run, 1_000, RunStatus.QUEUED, "demo", "build"));
    }

    private static RunId run() {
        return RunId.of(UUID.randomUUID());
    }

    private static Answer get(RunId run) {
        return gateway.get("/v1/runs/" + run);
    }

    @Test
    void openTransactionKeepsTheAnswerOpen() throws Exception {
        RunId run = run();
        producer.beginTransaction();
        var _ = producer.send(view(run)).get();

        Answer open = hasty.get("/v1/runs/" + run);

        // The last stable offset lies before the record, and the catalogue has read up to it. That is not enough.
        assertThat(open.status()).isEqualTo(503);
        assertThat(open.text("code")).isEqualTo("catalogue_behind");
        assertThat(open.header("retry-after")).contains("1");

        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Answer> waiting = threads.submit(() -> get(run));
            producer.commitTransaction();
            assertThat(waiting.get().status()).isEqualTo(200);
        }
    }

    @Test
    void abortedTransactionMakesTheRunUnknown() throws Exception {
        RunId run = run();
        producer.beginTransaction();
        var _ = producer.send(view(run)).get();
        producer.abortTransaction();

        Answer answer = get(run);

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.text("code")).isEqualTo("unknown_run");
    }

    @Test
    void commitMarkerAtTheEndOfThePartitionIsNotWaitedForInVain() throws Exception {
        RunId known = run();
        producer.beginTransaction();
        var _ = producer.send(view(known)).get();
        producer.commitTransaction();
        RunId unknown = run();
        while (KafkaRecords.partitionOf(unknown, TestGateway.PARTITIONS)
                != KafkaRecords.partitionOf(known, TestGateway.PARTITIONS)) {
            unknown = run();
        }

        assertThat(get(unknown).status()).isEqualTo(404);
    }

    @Test
    void whatTheLogHasIsNeverUnknown() throws Exception {
        try (KafkaProducer<byte[], byte[]> plain = producer(Map.of())) {
            for (int i = 0; i < 100; i++) {
                RunId run = run();
                var _ = plain.send(view(run)).get();
                assertThat(get(run).status()).isEqualTo(200);
            }
        }
    }

    @Test
    void unreadableRecordsAreSkipped() throws Exception {
        RunId run = run();
        try (KafkaProducer<byte[], byte[]> plain = producer(Map.of())) {
            String topic = view(run).topic();
            var _ = plain.send(new ProducerRecord<>(topic, KafkaRecords.key(run), new byte[] {1, 2, 3}))
                    .get();
            var _ = plain.send(new ProducerRecord<>(
                            topic, KafkaRecords.key(run), view(run()).value()))
                    .get();
            var _ = plain.send(new ProducerRecord<>(
                            topic, new byte[] {0, 1}, view(run).value()))
                    .get();
            assertThat(get(run).status()).isEqualTo(404);
            var _ = plain.send(view(run)).get();
        }

        assertThat(get(run).status()).isEqualTo(200);
        assertThat(gateway.get("/actuator/prometheus").body())
                .containsPattern("tailrace_gateway_catalogue_skipped_total [3-9]");
    }
}
