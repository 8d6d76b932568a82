package io.tailrace.coordinator.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tailrace.coordinator.decide.StageTimeouts;
import io.tailrace.events.id.EventId;
import io.tailrace.events.id.RunId;
import io.tailrace.events.kafka.KafkaRecords;
import io.tailrace.events.log.Topic;
import io.tailrace.events.plan.Limits;
import io.tailrace.events.run.Outcome;
import io.tailrace.events.stage.BuildEvent;
import io.tailrace.events.stage.StageFact;
import io.tailrace.service.trace.Traces;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One life of a task after the other on the same store, as after a restart or a rebalance. */
class RunProcessorRestartTest {
    private static final RunId RUN = new RunId("r-one");

    @TempDir
    private File folder;

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final AppendedRecords appended = new AppendedRecords();
    private final WholeLog log = new WholeLog();
    private final List<String> said = new ArrayList<>();
    private Instant now = Instant.parse("2026-11-21T10:00:00Z");
    private final CoordinatorMetrics metrics = new CoordinatorMetrics(registry, () -> now);
    private long commandOffset;
    private long eventOffset;
    private KeyValueStore<byte[], byte[]> store;
    private MockProcessorContext<byte[], byte[]> context;
    private RunProcessor processor;

    @BeforeEach
    void start() {
        context = new MockProcessorContext<>(new Properties(), new TaskId(0, 0), folder);
        store = Stores.keyValueStoreBuilder(
                        Stores.inMemoryKeyValueStore(RunTopology.RUN_STORE), Serdes.ByteArray(), Serdes.ByteArray())
                .withLoggingDisabled()
                .build();
        store.init(context.getStateStoreContext(), store);
        processor = started(7);
    }

    private RunProcessor started(long epoch) {
        TopologySettings settings = new TopologySettings(
                "test", Records.log(epoch), 1, Duration.ofDays(30), Duration.ofSeconds(30), StageTimeouts.DEFAULT);
        RunProcessor fresh = new RunProcessor(new TopologyParts(
                settings,
                Records.CODEC,
                Records.KAFKA,
                new StateCodecs(),
                appended,
                metrics,
                () -> new UUID(3, 3),
                () -> now,
                new RecordedLog().reading(),
                log,
                Traces.NONE));
        fresh.init(context);
        return fresh;
    }

    private void restart(long epoch) {
        processor.close();
        processor = started(epoch);
    }

    @Test
    void goesOnWhereItStopped() {
        give(Records.create(RUN, 1, Limits.DEFAULT));
        write(Records.of(RUN, 1, 1, 1, "a", Records.claim()));
        write(Records.of(RUN, 1, 1, 2, "a", Records.lines(3)));
        restart(7);
        give(Records.create(RUN, 1, Limits.DEFAULT));
        write(Records.of(RUN, 1, 1, 2, "a", Records.lines(3)));
        write(Records.of(RUN, 1, 1, 3, "a", Records.completed(Outcome.SUCCEEDED)));
        restart(7);
        give(Records.create(RUN, 1, Limits.DEFAULT));

        assertThat(said)
                .containsExactly(
                        "run.created",
                        "run.started",
                        "stage.requested",
                        "run.progress",
                        "stage.finished",
                        "run.completed");
    }

    @Test
    void silenceGoesOnBeingCountedAfterARestart() {
        give(Records.create(RUN, 1, Limits.DEFAULT));
        ticks(1);
        write(Records.of(RUN, 1, 1, 1, "a", Records.claim()));
        ticks(4);
        restart(7);
        now = now.plus(Duration.ofMinutes(5));
        ticks(1);
        assertThat(said).doesNotContain("stage.redispatched");
        ticks(1);

        assertThat(said).contains("stage.redispatched");
    }

    @Test
    void cancelGoesOnAfterARestart() {
        give(Records.create(RUN, 2, Limits.DEFAULT));
        give(Records.cancel(RUN));
        restart(7);
        appended.clear();
        ticks(1);

        assertThat(appended).hasSize(1);
        assertThat(AppendedRecords.type(appended.getFirst())).isEqualTo("stage.aborted");
    }

    @Test
    void positionReadIsRememberedFromTheLastTick() {
        eventOffset = 500;
        ticks(1);
        restart(7);
        give(Records.create(RUN, 1, Limits.DEFAULT));

        assertThat(KafkaRecords.headers(context.forwarded().get(2).record().headers())
                        .orElseThrow()
                        .chapterFrom()
                        .orElseThrow()
                        .offset())
                .isEqualTo(501);
    }

    @Test
    void whatWasReadBeforeIsSkippedWhenTheGroupsOffsetsWereLost() {
        give(Records.create(RUN, 1, Limits.DEFAULT));
        write(Records.of(RUN, 1, 1, 1, "a", Records.claim()));
        Instant before = now;
        ticks(4);
        restart(7);
        eventOffset = 0;
        now = before;
        ticks(5);
        now = before.plusSeconds(4);
        ticks(2);

        assertThat(said).doesNotContain("stage.redispatched");
    }

    @Test
    void whatHasCountedAfterTheLastTickIsMissedAtTheStart() {
        long counted = countedAfterATick();
        log.cut(counted + 1);
        restart(7);
        assertThat(cutOffs()).isZero();
        log.cut(counted);
        restart(7);

        assertThat(cutOffs()).isOne();
    }

    @Test
    void whatHasCountedAfterTheLastTickComesAgain() {
        long counted = countedAfterATick();
        restart(7);
        eventOffset = counted - 1;
        writeCounted();
        ticks(1);

        assertThat(cutOffs()).isZero();
    }

    @Test
    void whatHasCountedAfterTheLastTickIsMissedWhenAnotherRecordIsInItsPlace() {
        long counted = countedAfterATick();
        restart(7);
        eventOffset = counted - 1;
        ticks(1);
        assertThat(cutOffs()).as("that one may still come").isZero();
        ticks(2);

        assertThat(cutOffs()).isOne();
    }

    @Test
    void whatHasCountedAfterTheLastTickIsMissedWhenTheSameAttemptHasSaidLessThere() {
        long counted = countedAfterATick();
        restart(7);
        eventOffset = counted;
        write(Records.of(RUN, 1, 1, 1, "a", Records.claim()));

        assertThat(cutOffs()).isOne();
    }

    @Test
    void whatHasCountedAfterTheLastTickIsMissedWhenALaterOneCame() {
        long counted = countedAfterATick();
        restart(7);
        eventOffset = counted + 1;
        ticks(2);

        assertThat(cutOffs()).isOne();
    }

    @Test
    void whatRetentionHasTakenIsNotMissed() {
        long counted = countedAfterATick();
        log.trim(counted + 1);
        restart(7);
        eventOffset = counted + 1;
        ticks(2);

        assertThat(cutOffs()).isZero();
    }

    /** The offset of the last record that counts. */
    private long countedAfterATick() {
        give(Records.create(RUN, 1, Limits.DEFAULT));
        ticks(1);
        writeCounted();
        return eventOffset - 1;
    }

    private void writeCounted() {
        write(Records.of(RUN, 1, 1, 1, "a", Records.claim()));
        write(Records.of(RUN, 1, 1, 2, "a", Records.lines(3)));
    }

    private double cutOffs() {
        return registry.counter("tailrace.coordinator.cut.off.topics", "topic", Topic.BUILD_EVENTS.topicName())
                .count();
    }

    @Test
    void logThatGoesBackIsNoticed() {
        ticks(3);
        eventOffset = 1;

        assertThatThrownBy(() -> ticks(1))
                .isInstanceOf(LogRewritten.class)
                .satisfies(it -> assertThat(LogRewritten.isCauseOf(new IllegalStateException(it)))
                        .isTrue());
    }

    @Test
    void stateOfAnotherLogIsForgotten() {
        eventOffset = 500;
        give(Records.create(RUN, 1, Limits.DEFAULT));
        ticks(1);
        said.clear();
        restart(8);
        ticks(400);
        assertThat(said).isEmpty();
        eventOffset = 0;
        give(Records.create(RUN, 1, Limits.DEFAULT));

        assertThat(said).containsExactly("run.created", "run.started", "stage.requested");
    }

    @Test
    void stateThatCannotBeReadShowsAndStopsNobody() {
        store.put("Ar-broken".getBytes(StandardCharsets.UTF_8), new byte[] {99});
        restart(7);

        assertThat(registry.get("tailrace.coordinator.unreadable.states")
                        .gauge()
                        .value())
                .isEqualTo(1);
        give(Records.create(new RunId("r-broken"), 1, Limits.DEFAULT));
        assertThat(said).isEmpty();
        give(Records.create(RUN, 1, Limits.DEFAULT));
        assertThat(said).hasSize(3);
    }

    @Test
    void decisionThatFailsShowsAndStopsNobody() {
        give(Records.create(RUN, 1, Limits.DEFAULT));
        RunId other = new RunId("r-other");
        give(Records.create(other, 2, Limits.DEFAULT));
        // The second run's stored state is put under the brief of the first, which has fewer steps.
        write(Records.of(other, 1, 1, 1, "a", Records.claim()));
        write(Records.of(other, 1, 1, 2, "a", Records.completed(Outcome.SUCCEEDED)));
        byte[] brief = store.get("Br-one".getBytes(StandardCharsets.UTF_8));
        store.put("Br-other".getBytes(StandardCharsets.UTF_8), brief);
        said.clear();
        restart(7);
        ticks(302);

        assertThat(registry.counter("tailrace.coordinator.failed.decisions").count())
                .isPositive();
        give(Records.create(new RunId("r-third"), 1, Limits.DEFAULT));
        assertThat(said).containsExactly("run.created", "run.started", "stage.requested");
    }

    private void give(ProducerRecord<byte[], byte[]> record) {
        process(Topic.RUN_COMMANDS, commandOffset++, record);
    }

    private void write(ProducerRecord<byte[], byte[]> record) {
        process(Topic.BUILD_EVENTS, eventOffset++, record);
    }

    private void ticks(int seconds) {
        for (int i = 0; i < seconds; i++) {
            now = now.plusSeconds(1);
            write(Records.KAFKA.stageEvent(
                    0, BuildEvent.tick(EventId.of(new UUID(4, eventOffset)), now, new StageFact.Tick("test"))));
        }
    }

    private void process(Topic topic, long offset, ProducerRecord<byte[], byte[]> record) {
        int before = context.forwarded().size();
        context.setRecordMetadata(topic.topicName(), 0, offset);
        processor.process(new Record<>(record.key(), record.value(), now.toEpochMilli(), record.headers()));
        context.forwarded().stream()
                .skip(before)
                .forEach(it ->
                        KafkaRecords.headers(it.record().headers()).ifPresent(headers -> said.add(headers.type())));
    }
}
