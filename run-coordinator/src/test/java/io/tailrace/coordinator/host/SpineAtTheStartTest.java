package io.tailrace.coordinator.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tailrace.coordinator.live.LiveLog;
import io.tailrace.coordinator.topology.CoordinatorMetrics;
import io.tailrace.coordinator.topology.SpineAhead;
import io.tailrace.events.id.RunId;
import io.tailrace.events.log.Topic;
import io.tailrace.events.run.RunFact;
import io.tailrace.local.testing.TestKafka;
import io.tailrace.service.kafka.ClientName;
import io.tailrace.service.kafka.KafkaClients;
import io.tailrace.service.kafka.KafkaSettings;
import io.tailrace.service.life.ProcessEnd;
import io.tailrace.service.trace.Traces;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A coordinator whose tasks have much of the spine to read before they begin, or have to wait for it, on a real broker. */
class SpineAtTheStartTest {
    private static final int PARTITIONS = 3;

    @TempDir
    private Path folder;

    private final KafkaClients kafka = KafkaClients.at(TestKafka.shared().bootstrapServers());
    private final List<String> told = new CopyOnWriteArrayList<>();
    private LiveLog log;
    private Producer<byte[], byte[]> writer;

    @BeforeEach
    void start() throws Exception {
        log = new LiveLog(TestKafka.shared().bootstrapServers(), PARTITIONS);
        writer = kafka.producer(
                new ClientName("spine-at-the-start", "writer"),
                Map.of(ProducerConfig.TRANSACTIONAL_ID_CONFIG, UUID.randomUUID().toString()));
        writer.initTransactions();
        writer.beginTransaction();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            var _ = writer.send(new ProducerRecord<>(
                    Topic.RUN_EVENTS.topicName(), partition, null, "nothing".getBytes(StandardCharsets.UTF_8)));
        }
        writer.flush();
    }

    @AfterEach
    void end() {
        writer.close(Duration.ofSeconds(5));
        log.close();
    }

    /** Of an application that has no state yet. */
    @Test
    void moreThanAStreamThreadHasTimeForIsReadBetweenTwoSessions() {
        writer.commitTransaction();
        SpineAhead ahead = new SpineAhead(1);
        try (StreamsSupervisor supervisor = supervisor(ahead)) {
            supervisor.start();
            await().atMost(LiveLog.PATIENCE).until(() -> told.contains("ready"));
            RunId run = log.create(1);
            log.awaitFact(run, RunFact.StageRequested.class);

            assertThat(supervisor.newSessions()).isPositive();
            assertThat(log.types(run)).doesNotHaveDuplicates();
            // It was read of all partitions, whoever has them.
            await().atMost(LiveLog.PATIENCE).until(ahead::isEmpty);
        }
        assertThat(told).containsExactly("ready");
    }

    /** The transaction is open for longer than the end has time. */
    @Test
    void anEndIsNotHeldUpByATaskThatWaitsForTheSpine() {
        StreamsSupervisor supervisor = supervisor(new SpineAhead(SpineAhead.MOST));
        supervisor.start();
        await().atMost(LiveLog.PATIENCE).until(() -> threads("StreamThread").anyMatch(SpineAtTheStartTest::reads));
        supervisor.close();

        assertThat(threads("streams-supervisor"))
                .as("what goes on after the end")
                .isEmpty();
        writer.abortTransaction();
    }

    private static Stream<Map.Entry<Thread, StackTraceElement[]>> threads(String name) {
        return Thread.getAllStackTraces().entrySet().stream()
                .filter(it -> it.getKey().getName().contains(name));
    }

    private static boolean reads(Map.Entry<Thread, StackTraceElement[]> thread) {
        return Stream.of(thread.getValue()).anyMatch(it -> it.getClassName().equals(KafkaSpineReading.class.getName()));
    }

    private StreamsSupervisor supervisor(SpineAhead ahead) {
        return new StreamsSupervisor(
                kafka,
                new KafkaSettings(PARTITIONS, 1, 1, Duration.ofDays(30)),
                new CoordinatorSettings(
                        "coordinator-" + UUID.randomUUID(),
                        folder.resolve("state"),
                        1,
                        0,
                        Duration.ofMillis(20),
                        Duration.ofMillis(5),
                        Duration.ofSeconds(25),
                        Duration.ofSeconds(6),
                        Duration.ofSeconds(30)),
                "test",
                new CoordinatorMetrics(new SimpleMeterRegistry(), InstantSource.system()),
                new SessionClients(),
                ahead,
                InstantSource.system(),
                Traces.NONE,
                new StreamsSupervisor.Listener() {
                    @Override
                    public void ready() {
                        told.add("ready");
                    }

                    @Override
                    public void end(ProcessEnd why, String reason) {
                        told.add(reason);
                    }
                });
    }
}
