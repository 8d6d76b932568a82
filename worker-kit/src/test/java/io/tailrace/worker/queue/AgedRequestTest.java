package io.tailrace.worker.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tailrace.events.codec.EventCodec;
import io.tailrace.events.id.Attempt;
import io.tailrace.events.id.EventId;
import io.tailrace.events.id.RunId;
import io.tailrace.events.id.StageId;
import io.tailrace.events.id.WorkerId;
import io.tailrace.events.log.LogPosition;
import io.tailrace.events.stage.BuildFact;
import io.tailrace.events.work.BuildRequest;
import io.tailrace.local.broker.BrokerSettings;
import io.tailrace.local.broker.EmbeddedBroker;
import io.tailrace.service.kafka.KafkaClients;
import io.tailrace.service.trace.Traces;
import io.tailrace.worker.attempt.AttemptId;
import io.tailrace.worker.claim.LookBack;
import io.tailrace.worker.claim.LookBack.Standing;
import io.tailrace.worker.position.PositionReader;
import io.tailrace.worker.testing.TestLog;
import io.tailrace.worker.testing.TestStages;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Requests that are delivered long after they were made, on a broker whose topics keep the times that the test gives. */
@Timeout(120)
class AgedRequestTest {

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final WorkerId OTHER = new WorkerId("other");

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final List<StageId> executed = new CopyOnWriteArrayList<>();
    private final StageId ended = TestLog.anyStage();
    private final StageId next = TestLog.anyStage();
    private final Instant now = Instant.now();
    private EmbeddedBroker broker;
    private TestLog log;

    @BeforeEach
    void open(@TempDir Path folder) throws Exception {
        broker = EmbeddedBroker.start(folder, BrokerSettings.forTests());
        log = new TestLog(broker.bootstrapServers());
        log.keepTimesAsWritten();
    }

    @AfterEach
    void close() {
        log.close();
        broker.close();
    }

    /** The board has forgotten the stage, and its partition is not busy. */
    @Test
    void aStageThatWasCanceledInTheQueueAnHourAgoIsNotExecuted() throws Exception {
        log.at(minutesAgo(67));
        log.dispatch(ended);
        log.at(minutesAgo(66));
        log.abort(ended);
        log.sayFinished(ended);

        try (Worker<BuildRequest, BuildFact> _ = workerThatTakes(next)) {
            assertThat(executed).containsExactly(next);
            assertThat(dropped("too_old")).isEqualTo(1);
            assertThat(log.facts(ended)).hasSize(1);
        }
    }

    /** The coordinator, which would say that the stage has ended, is away, and a neighbour prints. */
    @Test
    void aStageThatWasEndedByForceHalfAnHourAgoIsNotExecutedThoughNobodyHasSaidSo() throws Exception {
        log.at(minutesAgo(31));
        log.dispatch(ended);
        log.at(minutesAgo(30));
        log.abort(ended);
        neighboursPrint(minutesAgo(5));

        try (Worker<BuildRequest, BuildFact> _ = workerThatTakes(next)) {
            await().atMost(SOON).until(() -> dropped("beaten") == 1);
            assertThat(executed).containsExactly(next);
        }
    }

    @Test
    void aRequestAsOldAsAStageMayWaitIsExecuted() throws Exception {
        log.at(minutesAgo(59));
        log.dispatch(ended);

        try (Worker<BuildRequest, BuildFact> _ = workerThatTakes(next)) {
            await().atMost(SOON).until(() -> executed.contains(ended));
        }
    }

    /** The coordinator repeats a request while its stage may wait: dropping an old one loses nothing. */
    @Test
    void theRepeatedRequestOfAStageWhoseFirstOneIsTooOldIsExecuted() throws Exception {
        log.at(minutesAgo(70));
        BuildRequest request = log.request(ended, Attempt.FIRST);
        log.request(request);
        log.at(minutesAgo(2));
        log.request(request);

        try (Worker<BuildRequest, BuildFact> _ = workerThatTakes(next)) {
            await().atMost(SOON).until(() -> executed.contains(ended));
            assertThat(log.facts(ended)).contains(TestStages.completed());
        }
    }

    /** A twin has claimed the attempt; then the producer of the second worker retries for minutes. */
    @Test
    void aClaimThatWasDelayedDoesNotMissItsTwin() throws Exception {
        BuildRequest request = at(minutesAgo(20), () -> log.request(ended, Attempt.FIRST));
        at(minutesAgo(20), () -> log.claim(ended, Attempt.FIRST, OTHER));
        neighboursPrint(minutesAgo(19));
        LogPosition mine = at(now, () -> log.claim(ended, Attempt.FIRST, new WorkerId("me")));

        assertThat(standing(request, Attempt.FIRST, mine, minutesAgo(20))).isEqualTo(Standing.VOID);
    }

    @Test
    void whatWasLongBeforeTheRequestOfALaterAttemptIsNotRead() throws Exception {
        BuildRequest request = at(minutesAgo(60), () -> log.request(ended, Attempt.FIRST));
        at(minutesAgo(60), () -> log.claim(ended, Attempt.FIRST, OTHER));
        neighboursPrint(minutesAgo(50));
        at(minutesAgo(1), () -> log.heartbeat(ended, Attempt.FIRST, OTHER));
        LogPosition mine = at(now, () -> log.claim(ended, new Attempt(2), new WorkerId("me")));

        assertThat(standing(request, new Attempt(2), mine, minutesAgo(2))).isEqualTo(Standing.HOLDS);
    }

    @Test
    void whoeverEndedTheStageWithoutTheBeginningBeingSeenHasPerhapsHeldIt() throws Exception {
        BuildRequest request = at(minutesAgo(60), () -> log.request(ended, Attempt.FIRST));
        at(minutesAgo(60), () -> log.claim(ended, Attempt.FIRST, OTHER));
        neighboursPrint(minutesAgo(50));
        at(minutesAgo(3), () -> log.claim(ended, Attempt.FIRST, new WorkerId("twin")));
        at(minutesAgo(1), () -> log.complete(ended, Attempt.FIRST, OTHER));
        LogPosition mine = at(now, () -> log.claim(ended, new Attempt(2), new WorkerId("me")));

        assertThat(standing(request, new Attempt(2), mine, minutesAgo(2))).isEqualTo(Standing.VOID);
    }

    private Standing standing(BuildRequest request, Attempt attempt, LogPosition claim, Instant requestedAt) {
        try (PositionReader reader = new PositionReader(KafkaClients.at(log.servers()), "test")) {
            return new LookBack(reader)
                    .standing(
                            new LookBack.Claim(
                                    new AttemptId(ended, attempt, new WorkerId("me")),
                                    claim,
                                    requestedAt,
                                    request.chapterFrom()),
                            () -> false,
                            _ -> {});
        }
    }

    private interface Writing<T> {
        T write() throws Exception;
    }

    private <T> T at(Instant moment, Writing<T> writing) throws Exception {
        log.at(moment);
        return writing.write();
    }

    private Instant minutesAgo(int minutes) {
        return now.minus(Duration.ofMinutes(minutes));
    }

    private void neighboursPrint(Instant moment) throws Exception {
        log.at(moment);
        StageId neighbour = StageId.of(ended.run(), 9);
        for (int i = 0; i < 600; i++) {
            log.heartbeat(neighbour, Attempt.FIRST, OTHER);
        }
    }

    /** A worker that has taken everything in the queue up to this stage, whose request comes now. */
    private Worker<BuildRequest, BuildFact> workerThatTakes(StageId last) {
        log.at(now);
        log.sayCancelRequested(StageId.of(RunId.of(UUID.randomUUID()), 1));
        log.dispatch(last);
        Worker<BuildRequest, BuildFact> worker = new Worker<>(
                KafkaClients.at(log.servers()),
                new WorkerSettings(
                        new WorkerId("worker-1"),
                        "workers",
                        1,
                        Duration.ofSeconds(5),
                        Duration.ofMillis(300),
                        Duration.ofSeconds(10)),
                TestLog.TOPICS,
                new TestStages(),
                (request, facts, _) -> {
                    executed.add(request.stage());
                    facts.end(TestStages.completed());
                },
                new EventCodec(),
                registry,
                () -> EventId.of(UUID.randomUUID()),
                InstantSource.system(),
                Traces.NONE);
        worker.start();
        await().atMost(SOON).until(() -> executed.contains(last));
        return worker;
    }

    private double dropped(String reason) {
        return registry.counter("tailrace.worker.requests.dropped", "reason", reason)
                .count();
    }
}
