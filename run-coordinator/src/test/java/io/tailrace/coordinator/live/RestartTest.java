package io.tailrace.coordinator.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.coordinator.reading.BookReading;
import io.tailrace.events.id.RunId;
import io.tailrace.events.id.StageId;
import io.tailrace.events.kafka.KafkaRecords;
import io.tailrace.events.reading.ReadItem;
import io.tailrace.events.reading.RunReader;
import io.tailrace.events.run.Outcome;
import io.tailrace.events.run.RunFact;
import io.tailrace.local.testing.TestKafka;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Coordinators that end and come back, on a real broker, while workers go on. */
class RestartTest {
    private static final int PARTITIONS = 3;

    @TempDir
    private Path folder;

    private final ScheduledExecutorService hearts = Executors.newScheduledThreadPool(1);
    private String servers;
    private LiveLog log;
    private FakeWorker worker;

    @BeforeEach
    void start() throws Exception {
        servers = TestKafka.shared().bootstrapServers();
        log = new LiveLog(servers, PARTITIONS);
        worker = new FakeWorker(log, PARTITIONS);
    }

    @AfterEach
    void end() {
        hearts.shutdownNow();
        worker.close();
        log.close();
    }

    @Test
    void anOrderlyRestartLosesNothing() throws Exception {
        RunId run;
        BeatingHolder holder;
        try (CoordinatorProcess _ = CoordinatorProcess.start(servers, PARTITIONS, folder.resolve("a"))) {
            run = log.create(2);
            holder = claimed(run, 1);
        }
        holder.lines(5);
        long since = System.nanoTime();
        try (CoordinatorProcess _ = CoordinatorProcess.start(servers, PARTITIONS, folder.resolve("a"))) {
            System.out.printf("ready again after %d ms%n", millisSince(since));
            finish(run, holder);
        }
    }

    @Test
    void aKilledCoordinatorIsReplacedByOneThatKnowsNothing() throws Exception {
        CoordinatorProcess killed = CoordinatorProcess.start(servers, PARTITIONS, folder.resolve("a"));
        RunId run = log.create(2);
        BeatingHolder holder = claimed(run, 1);
        killed.kill();
        long since = System.nanoTime();
        holder.lines(5);
        try (CoordinatorProcess _ = CoordinatorProcess.start(servers, PARTITIONS, folder.resolve("b"))) {
            System.out.printf("ready %d ms after the kill%n", millisSince(since));
            finish(run, holder);
            System.out.printf("decided %d ms after the kill%n", millisSince(since));
        }
    }

    @Test
    void aRunThatTheStateHasForgottenIsTakenUpFromTheLog() throws Exception {
        RunId run;
        BeatingHolder holder;
        try (CoordinatorProcess _ = CoordinatorProcess.start(servers, PARTITIONS, folder.resolve("a"))) {
            run = log.create(2);
            holder = claimed(run, 1);
        }
        for (String kind : List.of("A", "B")) {
            removeFromChangelog(run, kind + run.value());
        }
        holder.lines(5);
        try (CoordinatorProcess _ = CoordinatorProcess.start(servers, PARTITIONS, folder.resolve("b"))) {
            finish(run, holder);
        }
    }

    @SuppressWarnings("NullAway") // a record without a value is how Kafka removes a key
    private void removeFromChangelog(RunId run, String key) {
        log.send(new ProducerRecord<>(
                "tailrace-coordinator-run-states-changelog",
                KafkaRecords.partitionOf(run, PARTITIONS),
                key.getBytes(StandardCharsets.UTF_8),
                null));
    }

    @Test
    void aSecondCoordinatorTakesOverFromAKilledOne() throws Exception {
        CoordinatorProcess killed = CoordinatorProcess.start(
                servers,
                PARTITIONS,
                folder.resolve("a"),
                "--tailrace.instance=a",
                "--tailrace.coordinator.standby-replicas=1");
        try (CoordinatorProcess _ = CoordinatorProcess.start(
                servers,
                PARTITIONS,
                folder.resolve("b"),
                "--tailrace.instance=b",
                "--tailrace.coordinator.standby-replicas=1")) {
            List<RunId> runs = new ArrayList<>();
            List<BeatingHolder> holders = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                runs.add(log.create(2));
                holders.add(claimed(runs.get(i), 1));
            }
            killed.kill();
            long since = System.nanoTime();
            for (int i = 0; i < 6; i++) {
                finish(runs.get(i), holders.get(i));
            }
            System.out.printf("all decided %d ms after the kill of one of two%n", millisSince(since));
        }
    }

    private static long millisSince(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
    }

    private BeatingHolder claimed(RunId run, int step) {
        StageId stage = StageId.of(run, step);
        worker.awaitRequest(stage, 1);
        BeatingHolder holder = new BeatingHolder(worker.claim(stage, 1, "worker-one"), hearts);
        log.awaitFact(run, RunFact.RunProgress.class, step);
        return holder;
    }

    private void finish(RunId run, BeatingHolder first) {
        first.lines(2);
        first.complete();
        BeatingHolder second = claimed(run, 2);
        second.complete();
        RunFact.RunCompleted completed = log.awaitFact(run, RunFact.RunCompleted.class);
        assertThat(completed.outcome()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(completed.attempts()).as("nothing was dispatched again").isEqualTo(2);
        List<ReadItem.Numbered> read = new ArrayList<>();
        RunReader reader = BookReading.read(
                run, KafkaRecords.partitionOf(run, PARTITIONS), log.spine(run), log.chapters(run), read);
        assertThat(reader.hasEnded()).isTrue();
        assertThat(reader.miscounts()).isZero();
        assertThat(read.getLast().lastSequence()).isEqualTo(completed.events());
    }
}
