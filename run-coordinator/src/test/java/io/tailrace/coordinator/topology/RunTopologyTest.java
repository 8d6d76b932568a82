package io.tailrace.coordinator.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.events.id.RunId;
import io.tailrace.events.kafka.KafkaRecords;
import io.tailrace.events.log.Topic;
import io.tailrace.events.plan.Limits;
import io.tailrace.events.run.Outcome;
import io.tailrace.events.run.RunStatus;
import io.tailrace.events.run.RunView;
import io.tailrace.events.stage.BuildFact;
import io.tailrace.events.work.BuildRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What comes out of the topology for what goes into it. */
class RunTopologyTest {
    private static final RunId RUN = new RunId("r-one");

    @TempDir
    private Path stateDir;

    private DrivenTopology log;

    @BeforeEach
    void start() {
        log = new DrivenTopology(stateDir);
    }

    @AfterEach
    void end() {
        log.close();
    }

    @Test
    void createdRunIsOnTheSpineInTheQueueAndInTheReadModel() {
        log.give(Records.create(RUN, 2, Limits.DEFAULT));

        assertThat(log.spine()).containsExactly("run.created #1", "run.started #2", "stage.requested #3");
        BuildRequest request = requests().getFirst();
        assertThat(request.stageId().value()).isEqualTo("r-one.1");
        assertThat(request.chapterFrom().offset()).isZero();
        RunView view = view();
        assertThat(view.status()).isEqualTo(RunStatus.QUEUED);
        assertThat(view.firstOffset()).isZero();
        assertThat(view.lastOffset()).isEqualTo(2);
        assertThat(view.numbered())
                .isEqualTo(new RunView.NumberedSpot(2, 3, view.numbered().eventIdPrefix()));
        assertThat(view.stages()).hasSize(1);
    }

    @Test
    void chapterIsLookedForAfterWhatWasRead() {
        log.seconds(5);
        log.give(Records.create(RUN, 1, Limits.DEFAULT));

        assertThat(requests().getFirst().chapterFrom().offset()).isEqualTo(5);
    }

    @Test
    void runGoesStepByStepToItsEnd() {
        log.give(Records.create(RUN, 2, Limits.DEFAULT));
        write(1, 1, 1, "a", Records.claim());
        write(1, 1, 2, "a", Records.lines(5));
        assertThat(log.views().getLast().orElseThrow().status()).isEqualTo(RunStatus.RUNNING);
        write(1, 1, 3, "a", Records.completed(Outcome.SUCCEEDED));
        write(2, 1, 1, "b", Records.claim());
        write(2, 1, 2, "b", Records.completed(Outcome.SUCCEEDED));

        assertThat(log.spine())
                .containsExactly(
                        "run.created #1",
                        "run.started #2",
                        "stage.requested #3",
                        "run.progress",
                        "stage.finished #11",
                        "stage.requested #12",
                        "run.progress",
                        "stage.finished #15",
                        "run.completed #16");
        RunView view = view();
        assertThat(view.status()).isEqualTo(RunStatus.SUCCEEDED);
        assertThat(view.stages()).extracting(RunView.StageView::outcome).containsOnly(Optional.of(Outcome.SUCCEEDED));
        assertThat(view.numbered().sequence()).isEqualTo(16);
    }

    @Test
    void sameInputMakesTheSameIds() {
        log.give(Records.create(RUN, 1, Limits.DEFAULT));
        List<String> first = log.ids();
        end();
        start();
        log.give(Records.create(RUN, 1, Limits.DEFAULT));

        assertThat(log.ids()).isEqualTo(first).doesNotHaveDuplicates();
    }

    @Test
    void eachPartitionGetsATickASecond() {
        for (int i = 0; i < 3; i++) {
            log.wallClock(Duration.ofSeconds(1));
        }

        assertThat(log.appended)
                .hasSize(6)
                .allMatch(it -> AppendedRecords.type(it).equals("tick"))
                .extracting(ProducerRecord::topic)
                .containsOnly("tailrace.build-events", "tailrace.turn-events");
    }

    @Test
    void silentHolderIsReplaced() {
        log.give(Records.create(RUN, 1, Limits.DEFAULT));
        log.seconds(1);
        write(1, 1, 1, "a", Records.claim());
        log.seconds(7);

        assertThat(log.spine()).endsWith("run.progress", "stage.redispatched");
        assertThat(requests()).extracting(it -> it.attempt().value()).containsExactly(1, 2);
        assertThat(log.counter("tailrace.coordinator.redispatches", "reason", "silence"))
                .isEqualTo(1);
        assertThat(view().stages().getFirst().attempt().value()).isEqualTo(2);
        assertThat(view().stages().getFirst().worker()).isEmpty();
    }

    @Test
    void spentWallClockEndsTheRunThroughTheStagesOwnOrder() {
        Limits limits = new Limits(Duration.ofSeconds(5), Duration.ofHours(2), Duration.ofHours(1), 5);
        log.seconds(1);
        log.give(Records.create(RUN, 1, limits));
        log.seconds(6);
        assertThat(log.spine()).hasSize(3);
        log.readAborts();

        assertThat(log.spine()).endsWith("stage.finished #5", "run.completed #6");
        assertThat(view().status()).isEqualTo(RunStatus.FAILED);
        assertThat(view().failure().orElseThrow().code()).isEqualTo("wall_clock");
        assertThat(log.counter("tailrace.coordinator.aborts", "reason", "wall_clock"))
                .isEqualTo(1);
    }

    @Test
    void cancelOfAQueuedRun() {
        log.give(Records.create(RUN, 1, Limits.DEFAULT));
        log.give(Records.cancel(RUN));
        assertThat(view().status()).isEqualTo(RunStatus.CANCELING);
        log.readAborts();

        assertThat(log.spine()).endsWith("run.cancel.requested", "stage.finished #6", "run.completed #7");
        assertThat(view().status()).isEqualTo(RunStatus.CANCELED);
    }

    @Test
    void voidRecordsAreCounted() {
        log.give(Records.create(RUN, 1, Limits.DEFAULT));
        write(1, 1, 1, "a", Records.claim());
        write(1, 1, 1, "twin", Records.claim());
        write(1, 1, 9, "a", Records.lines(1));
        write(4, 1, 1, "a", Records.claim());

        assertThat(log.registry.counter("tailrace.coordinator.void.records").count())
                .isEqualTo(3);
        assertThat(log.registry.get("tailrace.coordinator.active.runs").gauge().value())
                .isZero();
        log.seconds(1);
        assertThat(log.registry.get("tailrace.coordinator.active.runs").gauge().value())
                .isEqualTo(1);
    }

    @Test
    void malformedRecordsArePutAside() {
        byte[] key = KafkaRecords.key(RUN);
        ProducerRecord<byte[], byte[]> good = Records.create(RUN, 1, Limits.DEFAULT);
        log.input(Topic.RUN_COMMANDS).pipeInput(key, new byte[] {1, 2, 3}, log.now);
        log.input(Topic.RUN_COMMANDS).pipeInput(key, new byte[ArrivalReader.MAX_COMMAND_BYTES + 1], log.now);
        log.input(Topic.RUN_COMMANDS).pipeInput(KafkaRecords.key(new RunId("r-other")), good.value(), log.now);
        log.input(Topic.BUILD_EVENTS).pipeInput(key, new byte[] {1}, log.now);
        ProducerRecord<byte[], byte[]> claim = Records.of(RUN, 1, 1, 1, "a", Records.claim());
        log.input(Topic.BUILD_EVENTS)
                .pipeInput(new TestRecord<>(
                        KafkaRecords.key(new RunId("r-other")), claim.value(), claim.headers(), log.now));
        assertThat(log.spine()).isEmpty();
        assertThat(log.counter("tailrace.coordinator.undecodable.records", "topic", "tailrace.run-commands"))
                .isEqualTo(3);
        assertThat(log.counter("tailrace.coordinator.undecodable.records", "topic", "tailrace.build-events"))
                .isEqualTo(2);

        log.give(good);
        assertThat(log.spine()).hasSize(3);
    }

    @Test
    void terminalWithAnUnknownValueEndsTheStage() {
        log.give(Records.create(RUN, 1, Limits.DEFAULT));
        write(1, 1, 1, "a", Records.claim());
        ProducerRecord<byte[], byte[]> terminal = Records.of(RUN, 1, 1, 2, "a", Records.completed(Outcome.SUCCEEDED));
        log.input(Topic.BUILD_EVENTS)
                .pipeInput(new TestRecord<>(terminal.key(), new byte[] {0, 0, 0, 9, 9}, terminal.headers(), log.now));

        assertThat(view().status()).isEqualTo(RunStatus.FAILED);
        assertThat(view().failure().orElseThrow().code()).isEqualTo("unreadable_result");
        assertThat(log.counter("tailrace.coordinator.undecodable.records", "topic", "tailrace.build-events"))
                .isEqualTo(1);
    }

    @Test
    void oldRunsAreForgotten() {
        log.give(Records.create(RUN, 1, Limits.DEFAULT));
        log.give(Records.create(new RunId("r-young"), 1, Limits.DEFAULT));
        log.give(Records.cancel(RUN));
        log.readAborts();
        log.wallClock(DrivenTopology.RETENTION.minusSeconds(60));
        assertThat(log.views().getLast()).isPresent();
        log.give(Records.create(RUN, 1, Limits.DEFAULT));
        assertThat(log.spine().stream().filter("run.created #1"::equals)).hasSize(2);
        log.wallClock(Duration.ofMinutes(2));

        assertThat(log.views().getLast()).isEmpty();
        assertThat(log.driver.getKeyValueStore(RunTopology.VIEW_STORE).get(KafkaRecords.key(new RunId("r-young"))))
                .isNotNull();
        log.give(Records.create(RUN, 1, Limits.DEFAULT));
        assertThat(log.spine().stream().filter("run.created #1"::equals)).hasSize(3);
    }

    // The log.

    private void write(int step, int attempt, long sequence, String worker, BuildFact fact) {
        log.give(Records.of(RUN, step, attempt, sequence, worker, fact));
    }

    private final List<BuildRequest> requestsRead = new ArrayList<>();

    private List<BuildRequest> requests() {
        log.output(Topic.BUILD_REQUESTS)
                .forEach(it ->
                        requestsRead.add(DrivenTopology.decode(Topic.BUILD_REQUESTS, BuildRequest.class, it.value())));
        return requestsRead;
    }

    private RunView view() {
        return log.view(RUN);
    }
}
