package io.tailrace.coordinator.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tailrace.events.id.RunId;
import io.tailrace.events.id.StageId;
import io.tailrace.events.log.LogRecord;
import io.tailrace.events.plan.Limits;
import io.tailrace.events.run.Outcome;
import io.tailrace.events.run.RunFact;
import io.tailrace.local.testing.TestKafka;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A coordinator that is away for longer than the queue deadline of what is recorded meanwhile. */
class QueueDeadlineTest {
    private static final int PARTITIONS = 3;
    private static final Duration DEADLINE = Duration.ofSeconds(5);
    private static final Duration AWAY = Duration.ofSeconds(10);

    /** The first tick after an outage adds two seconds, whenever it comes. */
    private static final Duration LEAST_WAIT = DEADLINE.minusSeconds(2);

    private static final Limits LIMITS = new Limits(Duration.ofHours(6), Duration.ofHours(2), DEADLINE, 5);

    @TempDir
    private Path folder;

    @Test
    void theQueueDeadlineOfACommandThatWaitedForTheCoordinatorBeginsWithItsDispatch() throws Exception {
        String servers = TestKafka.shared().bootstrapServers();
        try (LiveLog log = new LiveLog(servers, PARTITIONS);
                FakeWorker worker = new FakeWorker(log, PARTITIONS)) {
            try (RunningCoordinator _ = RunningCoordinator.start(servers, PARTITIONS, folder)) {
                log.awaitFact(log.create(1), RunFact.StageRequested.class);
            }
            RunId nobodyTakes = log.create(LiveLog.newRun(), 1, LIMITS);
            RunId isTaken = log.create(LiveLog.newRun(), 1, LIMITS);
            Instant recorded = Instant.now();
            await().atMost(LiveLog.PATIENCE).until(() -> Instant.now().isAfter(recorded.plus(AWAY)));

            try (RunningCoordinator _ = RunningCoordinator.start(servers, PARTITIONS, folder)) {
                StageId stage = StageId.of(isTaken, 1);
                worker.awaitRequest(stage, 1);
                worker.claim(stage, 1, "worker-one").complete(Outcome.SUCCEEDED);

                assertThat(log.awaitFact(isTaken, RunFact.RunCompleted.class).outcome())
                        .isEqualTo(Outcome.SUCCEEDED);
                RunFact.RunCompleted given = log.awaitFact(nobodyTakes, RunFact.RunCompleted.class);
                assertThat(given.failure().orElseThrow().code()).isEqualTo("queue_deadline");
                assertThat(waited(log, nobodyTakes))
                        .as("from the dispatch to the forced end, by the broker")
                        .isGreaterThanOrEqualTo(LEAST_WAIT);
            }
        }
    }

    private static Duration waited(LiveLog log, RunId run) {
        Instant dispatched = appended(log.spine(run), "stage.requested");
        return Duration.between(dispatched, appended(log.chapters(run), "stage.aborted"));
    }

    private static Instant appended(List<LogRecord> records, String type) {
        return records.stream()
                .filter(it -> it.headers().type().equals(type))
                .findFirst()
                .orElseThrow()
                .timestamp();
    }
}
