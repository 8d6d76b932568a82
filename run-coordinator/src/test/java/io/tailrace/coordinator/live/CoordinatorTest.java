package io.tailrace.coordinator.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tailrace.coordinator.reading.BookReading;
import io.tailrace.events.id.RunId;
import io.tailrace.events.id.StageId;
import io.tailrace.events.id.TurnId;
import io.tailrace.events.kafka.KafkaRecords;
import io.tailrace.events.log.LogPosition;
import io.tailrace.events.log.Topic;
import io.tailrace.events.plan.BuildStep;
import io.tailrace.events.plan.Limits;
import io.tailrace.events.plan.ModelChoice;
import io.tailrace.events.plan.PromptStep;
import io.tailrace.events.plan.StepInput;
import io.tailrace.events.reading.ReadItem;
import io.tailrace.events.reading.RunReader;
import io.tailrace.events.run.Outcome;
import io.tailrace.events.run.RunFact;
import io.tailrace.events.run.RunFact.RedispatchReason;
import io.tailrace.events.run.RunStatus;
import io.tailrace.events.run.Usage;
import io.tailrace.events.stage.StageFact;
import io.tailrace.events.work.BuildRequest;
import io.tailrace.events.work.StepResult;
import io.tailrace.events.work.TurnRequest;
import io.tailrace.events.work.TurnSource;
import io.tailrace.local.testing.TestKafka;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole coordinator on a real broker, with a worker whose every step the test tells. */
class CoordinatorTest {
    private static final int PARTITIONS = 3;

    @TempDir
    private static Path state;

    private static LiveLog log;
    private static FakeWorker worker;
    private static RunningCoordinator coordinator;

    @BeforeAll
    static void start() throws Exception {
        String servers = TestKafka.shared().bootstrapServers();
        log = new LiveLog(servers, PARTITIONS);
        worker = new FakeWorker(log, PARTITIONS);
        coordinator = RunningCoordinator.start(servers, PARTITIONS, state);
    }

    @AfterAll
    static void end() {
        coordinator.close();
        worker.close();
        log.close();
    }

    @Test
    void itsStateIsReadByNobodyElse() throws Exception {
        try (Stream<Path> folders = Files.list(state)) {
            assertThat(folders.toList())
                    .isNotEmpty()
                    .allSatisfy(it -> assertThat(Files.getPosixFilePermissions(it))
                            .isEqualTo(PosixFilePermissions.fromString("rwx------")));
        }
    }

    @Test
    void runsStepByStepToItsEnd() {
        RunId run = log.create(2);
        build(StageId.of(run, 1), Outcome.SUCCEEDED);
        build(StageId.of(run, 2), Outcome.SUCCEEDED);

        RunFact.RunCompleted completed = log.awaitFact(run, RunFact.RunCompleted.class);

        assertThat(completed.outcome()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(completed.stages()).isEqualTo(2);
        assertThat(completed.lines()).isEqualTo(14);
        assertThat(log.types(run))
                .containsExactly(
                        "run.created",
                        "run.started",
                        "stage.requested",
                        "run.progress",
                        "stage.finished",
                        "stage.requested",
                        "run.progress",
                        "stage.finished",
                        "run.completed");
        assertReadsWithoutAGap(run, completed.events());
        await().atMost(LiveLog.PATIENCE)
                .until(() -> log.view(run)
                        .filter(it -> it.status() == RunStatus.SUCCEEDED)
                        .isPresent());
        assertThat(log.view(run).orElseThrow().stages()).hasSize(2);
        assertThat(log.view(run).orElseThrow().numbered().sequence()).isEqualTo(completed.events());
    }

    @Test
    void runsBuildsAndPromptsOfOnePlan() {
        PromptStep ask = PromptStep.of("Explain.", new ModelChoice("scripted", Optional.empty()))
                .named("ask");
        BuildStep use = new BuildStep(
                BuildStep.COMMANDS,
                Optional.of("hello"),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(List.of(new StepInput.VariableInput("ask", "ANSWER"))));
        RunId run = log.create(List.of(new BuildStep(BuildStep.COMMANDS, Optional.of("hello"), List.of()), ask, use));
        build(StageId.of(run, 1), Outcome.SUCCEEDED);
        TurnRequest turn = worker.awaitTurn(StageId.of(run, 2));
        LogPosition answer = worker.answer(turn, "worker-two", "Because.");
        BuildRequest last = worker.awaitRequest(StageId.of(run, 3), 1);
        build(StageId.of(run, 3), Outcome.SUCCEEDED);

        RunFact.RunCompleted completed = log.awaitFact(run, RunFact.RunCompleted.class);

        assertThat(turn.source()).isEqualTo(new TurnSource.PlanPrompt(ask, List.of()));
        assertThat(turn.turnId()).isEqualTo(TurnId.of(StageId.of(run, 2)));
        assertThat(last.resultList()).containsExactly(new StepResult("ask", StageId.of(run, 2), answer));
        assertThat(completed.outcome()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(completed.usage()).contains(Usage.NONE);
        assertThat(log.facts(run).stream()
                        .filter(RunFact.StageRequested.class::isInstance)
                        .map(it -> ((RunFact.StageRequested) it).chapterFrom().topic()))
                .containsExactly(Topic.BUILD_EVENTS, Topic.TURN_EVENTS, Topic.BUILD_EVENTS);
        await().atMost(LiveLog.PATIENCE).untilAsserted(() -> assertReadsWithoutAGap(run, completed.events()));
        await().atMost(LiveLog.PATIENCE)
                .until(() -> log.view(run)
                        .filter(it -> it.status() == RunStatus.SUCCEEDED)
                        .isPresent());
        assertThat(log.view(run).orElseThrow().stages()).hasSize(3);
    }

    @Test
    void aSilentWorkersStageGoesToAnother() {
        RunId run = log.create(1);
        StageId stage = StageId.of(run, 1);
        worker.awaitRequest(stage, 1);
        FakeWorker.Holder lost = worker.claim(stage, 1, "worker-lost");
        lost.lines(3);

        worker.awaitRequest(stage, 2);
        RunFact.StageRedispatched redispatched = log.awaitFact(run, RunFact.StageRedispatched.class);
        FakeWorker.Holder next = worker.claim(stage, 2, "worker-next");
        lost.lines(5);
        next.lines(1);
        next.complete(Outcome.SUCCEEDED);
        RunFact.RunCompleted completed = log.awaitFact(run, RunFact.RunCompleted.class);

        assertThat(redispatched.reason()).isEqualTo(RedispatchReason.SILENCE);
        assertThat(redispatched.silence()).isBetween(Duration.ofSeconds(6), Duration.ofSeconds(9));
        assertThat(redispatched.lostWorker().orElseThrow().value()).isEqualTo("worker-lost");
        assertThat(completed.outcome()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(completed.lines()).isEqualTo(4);
        assertReadsWithoutAGap(run, completed.events());
    }

    @Test
    void aCancelEndsAQueuedRunAtOnce() {
        RunId run = log.create(1);
        log.awaitFact(run, RunFact.StageRequested.class);

        log.cancel(run);
        RunFact.RunCompleted completed = log.awaitFact(run, RunFact.RunCompleted.class);

        assertThat(completed.outcome()).isEqualTo(Outcome.CANCELED);
        assertThat(log.chapters(run))
                .singleElement()
                .satisfies(it -> assertThat(it.headers().type()).isEqualTo("stage.aborted"));
        assertReadsWithoutAGap(run, completed.events());
        await().atMost(LiveLog.PATIENCE)
                .until(() -> log.view(run)
                        .filter(it -> it.status() == RunStatus.CANCELED)
                        .isPresent());
    }

    @Test
    void aReleasedStageIsDispatchedAgainAtOnce() {
        RunId run = log.create(1);
        StageId stage = StageId.of(run, 1);
        worker.awaitRequest(stage, 1);

        FakeWorker.Holder leaving = worker.claim(stage, 1, "worker-leaving");
        leaving.write(new StageFact.AttemptReleased("shutdown"));
        worker.awaitRequest(stage, 2);

        assertThat(log.awaitFact(run, RunFact.StageRedispatched.class).reason()).isEqualTo(RedispatchReason.RELEASED);
        log.cancel(run);
        assertThat(log.awaitFact(run, RunFact.RunCompleted.class).outcome()).isEqualTo(Outcome.CANCELED);
    }

    @Test
    @SuppressWarnings("NullAway") // what others may write
    void whatCannotBeReadIsPutAsideAndStopsNobody() throws Exception {
        RunId run = LiveLog.newRun();
        int partition = KafkaRecords.partitionOf(run, PARTITIONS);
        log.send(new ProducerRecord<>("tailrace.run-commands", partition, null, new byte[] {9, 9}));
        log.send(new ProducerRecord<>("tailrace.build-events", partition, new byte[] {1}, new byte[] {9, 9}));

        log.create(run, 1, Limits.DEFAULT);
        build(StageId.of(run, 1), Outcome.FAILED);

        assertThat(log.awaitFact(run, RunFact.RunCompleted.class).outcome()).isEqualTo(Outcome.FAILED);
        String metrics = coordinator.get("/actuator/prometheus").body();
        assertThat(metrics)
                .contains("tailrace_coordinator_undecodable_records_total{topic=\"tailrace.run-commands\"}")
                .contains("tailrace_coordinator_undecodable_records_total{topic=\"tailrace.build-events\"}");
    }

    private static void build(StageId stage, Outcome outcome) {
        worker.awaitRequest(stage, 1);
        FakeWorker.Holder holder = worker.claim(stage, 1, "worker-one");
        holder.lines(7);
        holder.heartbeat();
        holder.complete(outcome);
    }

    private static void assertReadsWithoutAGap(RunId run, long events) {
        List<ReadItem.Numbered> read = new ArrayList<>();
        RunReader reader = BookReading.read(
                run, KafkaRecords.partitionOf(run, PARTITIONS), log.spine(run), log.chapters(run), read);
        assertThat(reader.hasEnded()).isTrue();
        assertThat(reader.miscounts()).isZero();
        assertThat(read.getLast().lastSequence()).isEqualTo(events);
    }
}
