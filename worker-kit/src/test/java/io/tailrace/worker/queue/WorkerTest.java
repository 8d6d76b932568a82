package io.tailrace.worker.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tailrace.events.codec.EventCodec;
import io.tailrace.events.id.Attempt;
import io.tailrace.events.id.EventId;
import io.tailrace.events.id.StageId;
import io.tailrace.events.id.WorkerId;
import io.tailrace.events.stage.BuildEvent;
import io.tailrace.events.stage.BuildFact;
import io.tailrace.events.stage.StageFact;
import io.tailrace.events.work.BuildRequest;
import io.tailrace.service.kafka.KafkaClients;
import io.tailrace.service.trace.Traces;
import io.tailrace.worker.attempt.AttemptLog;
import io.tailrace.worker.attempt.AttemptLost;
import io.tailrace.worker.attempt.StopReason;
import io.tailrace.worker.attempt.StopSignal;
import io.tailrace.worker.stage.StageExecutor;
import io.tailrace.worker.stage.StageRequest;
import io.tailrace.worker.testing.TestLog;
import io.tailrace.worker.testing.TestStages;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whole workers on a real broker, with a stand-in for the coordinator and stages that do what the test says. */
@Timeout(180)
class WorkerTest {

    private static final Duration SOON = Duration.ofSeconds(60);

    private final String group = "test-" + UUID.randomUUID();
    private final List<Worker<BuildRequest, BuildFact>> workers = new ArrayList<>();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final StageId stage = TestLog.anyStage();
    private TestLog log;

    @BeforeEach
    void open() throws Exception {
        log = new TestLog();
    }

    @AfterEach
    void close() {
        workers.forEach(Worker::close);
        log.close();
    }

    @Test
    void executesAStageAndWritesItsFactsInOrder() throws Exception {
        startWorker(1, (_, facts, _) -> {
            facts.append(new BuildFact.BuildStarted(BuildFact.BuildReason.FORCE_REBUILD));
            facts.end(TestStages.completed());
        });

        log.dispatch(stage);

        awaitFacts(stage, 3);
        assertThat(log.facts(stage))
                .containsExactly(
                        new BuildFact.AttemptStarted("commands"),
                        new BuildFact.BuildStarted(BuildFact.BuildReason.FORCE_REBUILD),
                        TestStages.completed());
        assertThat(log.events(stage).stream().mapToLong(BuildEvent::attemptSequence))
                .containsExactly(LongStream.rangeClosed(1, 3).boxed().toArray(Long[]::new));
    }

    @Test
    void ofTwoWorkersThatGetTheSameRequestOneHoldsTheStage() throws Exception {
        Held held = new Held();
        startWorker(1, held);
        startWorker(1, held);
        BuildRequest request = log.request(stage, Attempt.FIRST);

        log.request(request);
        log.request(request);

        await().atMost(SOON).until(() -> log.facts(stage).size() == 2);
        await().atMost(SOON).until(() -> count("tailrace.worker.requests.dropped") == 1);
        held.release.countDown();
        await().atMost(SOON).until(() -> log.facts(stage).contains(TestStages.completed()));
        assertThat(held.executed).containsExactly(stage);
    }

    @Test
    void aFullWorkerKeepsNoRequestFromOneThatHasRoom() throws Exception {
        Held full = new Held();
        Held other = new Held();
        // The longest that brokers grant unless told otherwise.
        Duration lock = Duration.ofMinutes(1);
        startWorker(1, full, lock);
        startWorker(8, other, lock);
        List<StageId> stages = Stream.generate(TestLog::anyStage).limit(9).toList();

        for (StageId each : stages) {
            log.dispatch(each);
        }

        // Sooner than a request's lock would give back what the full worker has fetched ahead.
        await().atMost(lock.dividedBy(2)).until(() -> full.executed.size() + other.executed.size() == 9);
        full.release.countDown();
        other.release.countDown();
    }

    @Test
    void aSecondDeliveryToTheHolderItselfStartsNothing() throws Exception {
        Held held = new Held();
        startWorker(2, held);
        BuildRequest request = log.request(stage, Attempt.FIRST);

        log.request(request);
        log.request(request);

        await().atMost(SOON).until(() -> count("tailrace.worker.requests.dropped") == 1);
        assertThat(held.executed).containsExactly(stage);
        held.release.countDown();
    }

    @Test
    void executesNothingForRequestsThatAreStale() throws Exception {
        StageId finished = TestLog.anyStage();
        StageId redispatched = TestLog.anyStage();
        StageId canceled = TestLog.anyStage();
        StageId claimed = TestLog.anyStage();
        for (StageId each : List.of(finished, redispatched, canceled, claimed)) {
            log.dispatch(each);
        }
        log.sayFinished(finished);
        log.sayRedispatched(redispatched, new Attempt(2));
        log.sayCancelRequested(canceled);
        log.sayClaimed(claimed, Attempt.FIRST, new WorkerId("another"));
        Held held = new Held();

        startWorker(1, held);
        log.dispatch(stage);

        await().atMost(SOON).until(() -> held.executed.contains(stage));
        assertThat(held.executed).containsExactly(stage);
        for (StageId each : List.of(finished, redispatched, canceled, claimed)) {
            assertThat(log.events(each)).isEmpty();
        }
        assertThat(count("tailrace.worker.requests.dropped")).isEqualTo(4);
        held.release.countDown();
    }

    @Test
    void executesNothingForAStageThatWasEndedByForceAMomentAgo() throws Exception {
        BuildRequest request = log.request(stage, Attempt.FIRST);
        log.abort(stage);
        Held held = new Held();
        startWorker(1, held);

        log.request(request);

        await().atMost(SOON).until(() -> count("tailrace.worker.requests.dropped") == 1);
        assertThat(held.executed).isEmpty();
    }

    @Test
    void aRequestThatCannotBeReadIsPutAsideAndTheNextIsTaken() throws Exception {
        Held held = new Held();
        held.release.countDown();
        startWorker(1, held);

        log.requestThatIsNone(stage);
        log.dispatch(stage);

        awaitFacts(stage, 2);
        assertThat(count("tailrace.worker.requests.undecodable")).isEqualTo(1);
    }

    @Test
    void aCancelReachesTheStage() throws Exception {
        Held held = new Held();
        startWorker(1, held);
        log.dispatch(stage);
        await().atMost(SOON).until(() -> held.executed.contains(stage));

        log.sayCancelRequested(stage);

        await().atMost(SOON).until(() -> held.stops.equals(List.of(StopReason.CANCELED)));
    }

    @Test
    void aStageThatWasDispatchedAgainIsStoppedAndWritesNothingMore() throws Exception {
        Held held = new Held();
        startWorker(1, held);
        log.dispatch(stage);
        await().atMost(SOON).until(() -> held.executed.contains(stage));

        log.sayRedispatched(stage, new Attempt(2));

        await().atMost(SOON).until(() -> held.stops.equals(List.of(StopReason.LOST)));
        await().atMost(SOON).until(() -> count("tailrace.worker.attempts.lost") == 1);
        assertThat(log.facts(stage)).containsExactly(new BuildFact.AttemptStarted("commands"));
    }

    @Test
    void aWorkerTakesTheNextAttemptWhileItsLostOneIsStillStopping() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch stopped = new CountDownLatch(1);
        startWorker(2, (request, facts, _) -> {
            if (request.attempt().equals(Attempt.FIRST)) {
                begun.countDown();
                awaitOpen(stopped);
                throw new AttemptLost("for a test");
            }
            facts.end(TestStages.completed());
        });
        log.dispatch(stage);
        awaitOpen(begun);

        log.sayRedispatched(stage, new Attempt(2));
        log.request(log.request(stage, new Attempt(2)));

        await().atMost(SOON).until(() -> log.facts(stage).contains(TestStages.completed()));
        stopped.countDown();
    }

    @Test
    void anOrderlyShutdownGivesTheStageBackAfterItHasStopped() throws Exception {
        Held held = new Held();
        Worker<BuildRequest, BuildFact> worker = startWorker(1, held);
        log.dispatch(stage);
        await().atMost(SOON).until(() -> held.executed.contains(stage));

        worker.close();

        assertThat(held.stops).containsExactly(StopReason.SHUTDOWN);
        assertThat(log.facts(stage))
                .containsExactly(
                        new BuildFact.AttemptStarted("commands"), new StageFact.AttemptReleased("worker_shutdown"));
    }

    @Test
    void aStageThatSaysNothingIsHeardOf() throws Exception {
        Held held = new Held();
        startWorker(1, held);

        log.dispatch(stage);

        await().atMost(SOON)
                .until(() -> log.events(stage).stream()
                                .filter(event -> event.payload() instanceof StageFact.Heartbeat)
                                .count()
                        >= 3);
        held.release.countDown();
        awaitFacts(stage, 2);
        List<BuildEvent> events = log.events(stage);
        assertThat(events.stream().map(BuildEvent::attemptSequence))
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, events.size()).boxed().toList());
    }

    @Test
    void aFaultOfTheWorkerGivesTheStageBack() throws Exception {
        startWorker(1, (_, _, _) -> {
            throw new IllegalStateException("for a test");
        });

        log.dispatch(stage);

        awaitFacts(stage, 2);
        assertThat(log.facts(stage).getLast()).isEqualTo(new StageFact.AttemptReleased("worker_fault"));
    }

    /** What one worker cannot bear, no second one does: it must not go through all of them. */
    @Test
    void whatEndsTwoWorkersEndsTheStageAndNoWorker() throws Exception {
        StageExecutor<BuildRequest, BuildFact> executor = (request, facts, _) -> {
            if (request.stage().equals(stage)) {
                throw new OutOfMemoryError("for a test");
            }
            facts.end(TestStages.completed());
        };
        Worker<BuildRequest, BuildFact> worker = startWorker(1, executor);

        BuildRequest first = log.request(stage, Attempt.FIRST);
        log.request(first);
        awaitFacts(stage, 2);
        assertThat(log.facts(stage).getLast()).isEqualTo(new StageFact.AttemptReleased("worker_fault"));
        log.request(again(first));

        awaitFacts(stage, 4);
        BuildFact.BuildCompleted end =
                (BuildFact.BuildCompleted) log.facts(stage).getLast();
        assertThat(end.failure().orElseThrow().code()).isEqualTo("worker_fault");
        assertThat(end.failure().orElseThrow().message()).doesNotContain("java", "Error", "Exception");
        StageId next = TestLog.anyStage();
        log.dispatch(next);
        awaitFacts(next, 2);
        assertThat(log.facts(next).getLast()).isEqualTo(TestStages.completed());
        assertThat(worker.state()).isInstanceOf(WorkerState.Ready.class);
    }

    @Test
    void aLogThatCannotBeReadIsNoFaultOfTheStageHoweverOften() throws Exception {
        startWorker(1, (_, _, _) -> {
            throw new IllegalStateException("for a test", new KafkaException("for a test"));
        });

        BuildRequest first = log.request(stage, Attempt.FIRST);
        log.request(first);
        awaitFacts(stage, 2);
        log.request(again(first));

        awaitFacts(stage, 4);
        assertThat(log.facts(stage).stream().filter(StageFact.AttemptReleased.class::isInstance))
                .containsOnly(new StageFact.AttemptReleased("log_unreadable"));
    }

    @Test
    void takesNoMoreThanItsSlotsAndAllInTheEnd() throws Exception {
        Held held = new Held();
        startWorker(2, held);
        List<StageId> stages = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            stages.add(TestLog.anyStage());
            log.dispatch(stages.getLast());
        }

        await().atMost(SOON).until(() -> held.executed.size() == 2);
        await().during(Duration.ofMillis(300)).until(() -> held.executed.size() == 2);
        held.release.countDown();

        await().atMost(SOON).until(() -> held.executed.size() == 20);
        assertThat(held.executed).containsExactlyInAnyOrderElementsOf(stages);
    }

    private static BuildRequest again(BuildRequest first) {
        return new BuildRequest(
                first.runId(),
                first.stageId(),
                new Attempt(2),
                first.workspace(),
                first.step(),
                first.chapterFrom(),
                first.requestedAt());
    }

    private Worker<BuildRequest, BuildFact> startWorker(int slots, StageExecutor<BuildRequest, BuildFact> executor) {
        return startWorker(slots, executor, Duration.ofSeconds(5));
    }

    private Worker<BuildRequest, BuildFact> startWorker(
            int slots, StageExecutor<BuildRequest, BuildFact> executor, Duration requestLock) {
        WorkerSettings settings = new WorkerSettings(
                new WorkerId("worker-" + UUID.randomUUID()),
                group,
                slots,
                requestLock,
                Duration.ofMillis(300),
                Duration.ofSeconds(10));
        Worker<BuildRequest, BuildFact> worker = new Worker<>(
                KafkaClients.at(log.servers()),
                settings,
                TestLog.TOPICS,
                new TestStages(),
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

    private static void awaitOpen(CountDownLatch latch) {
        try {
            assertThat(latch.await(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void awaitFacts(StageId of, int count) {
        await().atMost(SOON).until(() -> log.facts(of).size() == count);
    }

    private double count(String name) {
        return registry.find(name).counters().stream()
                .mapToDouble(counter -> counter.count())
                .sum();
    }

    /** Executes a stage until it is released or stopped, and notes what happened. */
    private static final class Held implements StageExecutor<BuildRequest, BuildFact> {
        private final List<StageId> executed = new CopyOnWriteArrayList<>();
        private final List<StopReason> stops = new CopyOnWriteArrayList<>();
        private final CountDownLatch release = new CountDownLatch(1);

        @Override
        public void execute(StageRequest<BuildRequest> request, AttemptLog<BuildFact> facts, StopSignal stop)
                throws AttemptLost {
            CountDownLatch over = new CountDownLatch(1);
            stop.whenStopped(over::countDown);
            executed.add(request.stage());
            try {
                while (release.getCount() > 0 && over.getCount() > 0) {
                    boolean _ = over.await(10, TimeUnit.MILLISECONDS);
                }
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            Optional<StopReason> reason = stop.reason();
            reason.ifPresent(stops::add);
            if (reason.equals(Optional.of(StopReason.LOST))) {
                throw new AttemptLost("for a test");
            }
            if (reason.isEmpty()) {
                facts.end(TestStages.completed());
            }
        }
    }
}
