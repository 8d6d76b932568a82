package io.tailrace.worker.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tailrace.events.codec.EventCodec;
import io.tailrace.events.id.EventId;
import io.tailrace.events.id.StageId;
import io.tailrace.events.id.WorkerId;
import io.tailrace.events.log.Topic;
import io.tailrace.events.stage.BuildFact;
import io.tailrace.events.stage.StageFact;
import io.tailrace.events.work.BuildRequest;
import io.tailrace.local.broker.BrokerSettings;
import io.tailrace.local.broker.EmbeddedBroker;
import io.tailrace.service.kafka.KafkaClients;
import io.tailrace.service.trace.Traces;
import io.tailrace.worker.attempt.AttemptLog;
import io.tailrace.worker.attempt.AttemptLost;
import io.tailrace.worker.attempt.StopReason;
import io.tailrace.worker.attempt.StopSignal;
import io.tailrace.worker.stage.StageExecutor;
import io.tailrace.worker.stage.StageRequest;
import io.tailrace.worker.testing.MortalStages;
import io.tailrace.worker.testing.TestLog;
import io.tailrace.worker.testing.TestStages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Logs that lose their tail, or are made anew, under workers that run. */
@Timeout(180)
class LostLogTest {

    private static final Duration SOON = Duration.ofSeconds(60);

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final List<Worker<BuildRequest, BuildFact>> workers = new ArrayList<>();
    private final MortalStages stages = new MortalStages();
    private final List<StopReason> stops = new CopyOnWriteArrayList<>();

    @TempDir
    Path folder;

    private EmbeddedBroker broker;
    private TestLog log;

    @BeforeEach
    void open() throws Exception {
        broker = EmbeddedBroker.start(folder, BrokerSettings.forTests());
        log = new TestLog(broker.bootstrapServers());
    }

    @AfterEach
    void close() {
        workers.forEach(Worker::close);
        log.close();
        broker.close();
    }

    /** The share group starts beyond the end then, and both workers are members of it. */
    @Test
    void requestsAreTakenAfterTheQueueWasCutOff() throws Exception {
        startWorker(LostLogTest::complete);
        startWorker(LostLogTest::complete);
        for (int i = 0; i < 20; i++) {
            StageId stage = TestLog.anyStage();
            log.dispatch(stage);
            await().atMost(SOON).until(() -> log.facts(stage).contains(TestStages.completed()));
        }

        cutOff(Topic.BUILD_REQUESTS);
        StageId after = TestLog.anyStage();
        log.dispatch(after);

        await().atMost(SOON).until(() -> log.facts(after).contains(TestStages.completed()));
        await().atMost(SOON).until(() -> workers.stream().allMatch(it -> it.state() instanceof WorkerState.Ready));
        assertThat(registry.counter("tailrace.worker.queue.cut.offs").count()).isPositive();
    }

    @Test
    void aCancelIsLearntOfAfterRunEventsWereCutOffAndHaveGrownAgain() throws Exception {
        StageId stage = runningStage();

        cutOff(Topic.RUN_EVENTS);
        othersSayMuch();
        log.sayCancelRequested(stage);

        await().atMost(SOON).until(() -> stops.equals(List.of(StopReason.CANCELED)));
    }

    @Test
    void aCancelIsLearntOfAfterRunEventsWereMadeAnew() throws Exception {
        StageId stage = runningStage();

        log.makeAnew(Topic.RUN_EVENTS);
        othersSayMuch();
        log.sayCancelRequested(stage);

        await().atMost(SOON).until(() -> stops.equals(List.of(StopReason.CANCELED)));
    }

    /** A tail that reads on where it was may find records there, and never know. */
    @Test
    void runEventsThatWereMadeAnewAreKnownByTheirId() throws Exception {
        AtomicInteger noticed = new AtomicInteger();
        try (LogWatch watch = new LogWatch(
                Admin.create(Map.of("bootstrap.servers", log.servers())),
                "workers",
                Topic.BUILD_REQUESTS,
                noticed::incrementAndGet,
                () -> {})) {
            watch.look();
            watch.look();
            assertThat(noticed).hasValue(0);

            log.makeAnew(Topic.RUN_EVENTS);
            watch.look();
            watch.look();

            assertThat(noticed).hasValue(1);
        }
    }

    /** Whoever starts the process again does better than a worker that stands still. */
    @Test
    void aWorkerWhoseThreadDiesSaysSoAndGivesItsStagesBack() throws Exception {
        StageId stage = TestLog.anyStage();
        Worker<BuildRequest, BuildFact> worker = startWorker(this::hold);
        log.dispatch(stage);
        await().atMost(SOON).until(() -> log.facts(stage).size() == 1);

        stages.die();
        log.dispatch(TestLog.anyStage());

        await().atMost(SOON).until(() -> worker.state() instanceof WorkerState.Failed);
        assertThat(log.facts(stage)).contains(new StageFact.AttemptReleased("worker_shutdown"));
    }

    private StageId runningStage() {
        StageId stage = TestLog.anyStage();
        startWorker(this::hold);
        for (int i = 0; i < 5; i++) {
            othersSayMuch();
        }
        log.dispatch(stage);
        await().atMost(SOON).until(() -> log.facts(stage).size() == 1);
        return stage;
    }

    /** Something in every partition. */
    private void othersSayMuch() {
        for (int i = 0; i < 100; i++) {
            log.sayCancelRequested(TestLog.anyStage());
        }
    }

    private static void complete(StageRequest<BuildRequest> request, AttemptLog<BuildFact> facts, StopSignal stop)
            throws AttemptLost {
        facts.end(TestStages.completed());
    }

    private void hold(StageRequest<BuildRequest> request, AttemptLog<BuildFact> facts, StopSignal stop) {
        CountDownLatch stopped = new CountDownLatch(1);
        stop.whenStopped(stopped::countDown);
        try {
            stopped.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        stop.reason().ifPresent(stops::add);
    }

    /** As after an unclean election or a power cut: the same topic, nothing of what it had. */
    private void cutOff(Topic topic) throws IOException {
        broker.stop();
        List<Path> partitions;
        try (Stream<Path> all = Files.list(folder.resolve("log"))) {
            partitions = all.filter(it -> it.getFileName().toString().startsWith(topic.topicName() + "-"))
                    .toList();
        }
        assertThat(partitions).isNotEmpty();
        for (Path partition : partitions) {
            try (Stream<Path> files = Files.walk(partition)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
        broker.restart();
    }

    private Worker<BuildRequest, BuildFact> startWorker(StageExecutor<BuildRequest, BuildFact> executor) {
        Worker<BuildRequest, BuildFact> worker = new Worker<>(
                KafkaClients.at(log.servers()),
                new WorkerSettings(
                        new WorkerId("worker-" + workers.size()),
                        "workers",
                        2,
                        Duration.ofSeconds(5),
                        Duration.ofMillis(300),
                        Duration.ofSeconds(10)),
                TestLog.TOPICS,
                stages,
                executor,
                new EventCodec(),
                registry,
                () -> EventId.of(UUID.randomUUID()),
                InstantSource.system(),
                Traces.NONE);
        workers.add(worker);
        worker.start();
        await().atMost(SOON).until(() -> worker.state() instanceof WorkerState.Ready);
        return worker;
    }
}
