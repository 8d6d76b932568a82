package io.tailrace.coordinator.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tailrace.coordinator.decide.Patience;
import io.tailrace.events.build.BuildEvent;
import io.tailrace.events.build.BuildFact;
import io.tailrace.events.codec.UndecodableRecord;
import io.tailrace.events.id.RunId;
import io.tailrace.events.kafka.KafkaRecords;
import io.tailrace.events.log.EventHeaders;
import io.tailrace.events.log.Topic;
import io.tailrace.events.plan.Limits;
import io.tailrace.events.run.Outcome;
import io.tailrace.events.run.RunStatus;
import io.tailrace.events.run.RunView;
import io.tailrace.events.work.BuildRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The topology in one thread and without a broker: one partition, in which the test appends. */
class RunTopologyTest {
    private static final RunId RUN = new RunId("r-one");
    private static final Instant START = Instant.parse("2026-11-21T10:00:00Z");
    private static final Duration RETENTION = Duration.ofDays(30);

    @TempDir
    private Path stateDir;

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Deque<BuildEvent> appended = new ArrayDeque<>();
    private Instant now = START;
    private TopologyTestDriver driver;

    @BeforeEach
    void start() {
        TopologySettings settings =
                new TopologySettings("test", 7, 1, RETENTION, Duration.ofSeconds(30), Patience.DEFAULT);
        RunTopology topology = new RunTopology(
                settings,
                Records.CODEC,
                (_, event) -> appended.add(event),
                new CoordinatorMetrics(registry, () -> now),
                () -> new UUID(2, appended.size()),
                () -> now);
        Properties properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "test");
        properties.put(StreamsConfig.STATE_DIR_CONFIG, stateDir.toString());
        properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        driver = new TopologyTestDriver(topology.build(), properties, START);
    }

    @AfterEach
    void end() {
        driver.close();
    }

    @Test
    void createdRunIsOnTheSpineInTheQueueAndInTheReadModel() {
        give(Records.create(RUN, 2, Limits.DEFAULT));

        assertThat(spine()).containsExactly("run.created #1", "run.started #2", "stage.requested #3");
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
        seconds(5);
        give(Records.create(RUN, 1, Limits.DEFAULT));

        assertThat(requests().getFirst().chapterFrom().offset()).isEqualTo(5);
    }

    @Test
    void runGoesStepByStepToItsEnd() {
        give(Records.create(RUN, 2, Limits.DEFAULT));
        write(1, 1, 1, "a", Records.claim());
        write(1, 1, 2, "a", Records.lines(5));
        assertThat(views().getLast().orElseThrow().status()).isEqualTo(RunStatus.RUNNING);
        write(1, 1, 3, "a", Records.completed(Outcome.SUCCEEDED));
        write(2, 1, 1, "b", Records.claim());
        write(2, 1, 2, "b", Records.completed(Outcome.SUCCEEDED));

        assertThat(spine())
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
        give(Records.create(RUN, 1, Limits.DEFAULT));
        List<String> first = ids();
        end();
        now = START;
        spineRead.clear();
        start();
        give(Records.create(RUN, 1, Limits.DEFAULT));

        assertThat(ids()).isEqualTo(first).doesNotHaveDuplicates();
    }

    @Test
    void eachPartitionGetsATickASecond() {
        for (int i = 0; i < 3; i++) {
            wallClock(Duration.ofSeconds(1));
        }

        assertThat(appended).hasSize(3).allMatch(it -> it.headers().type().equals("tick"));
    }

    @Test
    void silentHolderIsReplaced() {
        give(Records.create(RUN, 1, Limits.DEFAULT));
        seconds(1);
        write(1, 1, 1, "a", Records.claim());
        seconds(7);

        assertThat(spine()).endsWith("run.progress", "stage.redispatched");
        assertThat(requests()).extracting(it -> it.attempt().value()).containsExactly(1, 2);
        assertThat(counter("tailrace.coordinator.redispatches", "reason", "silence"))
                .isEqualTo(1);
        assertThat(view().stages().getFirst().attempt().value()).isEqualTo(2);
        assertThat(view().stages().getFirst().worker()).isEmpty();
    }

    @Test
    void spentWallClockEndsTheRunThroughTheStagesOwnOrder() {
        Limits limits = new Limits(Duration.ofSeconds(5), Duration.ofHours(2), Duration.ofHours(1), 5);
        give(Records.create(RUN, 1, limits));
        seconds(6);
        assertThat(spine()).hasSize(3);
        readAborts();

        assertThat(spine()).endsWith("stage.finished #5", "run.completed #6");
        assertThat(view().status()).isEqualTo(RunStatus.FAILED);
        assertThat(view().failure().orElseThrow().code()).isEqualTo("wall_clock");
        assertThat(counter("tailrace.coordinator.aborts", "reason", "wall_clock"))
                .isEqualTo(1);
    }

    @Test
    void cancelOfAQueuedRun() {
        give(Records.create(RUN, 1, Limits.DEFAULT));
        give(Records.cancel(RUN));
        assertThat(view().status()).isEqualTo(RunStatus.CANCELING);
        readAborts();

        assertThat(spine()).endsWith("run.cancel.requested", "stage.finished #6", "run.completed #7");
        assertThat(view().status()).isEqualTo(RunStatus.CANCELED);
    }

    @Test
    void voidRecordsAreCounted() {
        give(Records.create(RUN, 1, Limits.DEFAULT));
        write(1, 1, 1, "a", Records.claim());
        write(1, 1, 1, "twin", Records.claim());
        write(1, 1, 9, "a", Records.lines(1));
        write(4, 1, 1, "a", Records.claim());

        assertThat(registry.counter("tailrace.coordinator.void.records").count())
                .isEqualTo(3);
        assertThat(registry.get("tailrace.coordinator.active.runs").gauge().value())
                .isZero();
        seconds(1);
        assertThat(registry.get("tailrace.coordinator.active.runs").gauge().value())
                .isEqualTo(1);
    }

    @Test
    void malformedRecordsArePutAside() {
        byte[] key = KafkaRecords.key(RUN);
        ProducerRecord<byte[], byte[]> good = Records.create(RUN, 1, Limits.DEFAULT);
        input(Topic.RUN_COMMANDS).pipeInput(key, new byte[] {1, 2, 3}, now);
        input(Topic.RUN_COMMANDS).pipeInput(key, new byte[ArrivalReader.MAX_COMMAND_BYTES + 1], now);
        input(Topic.RUN_COMMANDS).pipeInput(KafkaRecords.key(new RunId("r-other")), good.value(), now);
        input(Topic.BUILD_EVENTS).pipeInput(key, new byte[] {1}, now);
        ProducerRecord<byte[], byte[]> claim = Records.of(RUN, 1, 1, 1, "a", Records.claim());
        input(Topic.BUILD_EVENTS)
                .pipeInput(
                        new TestRecord<>(KafkaRecords.key(new RunId("r-other")), claim.value(), claim.headers(), now));
        assertThat(spine()).isEmpty();
        assertThat(counter("tailrace.coordinator.undecodable.records", "topic", "tailrace.run-commands"))
                .isEqualTo(3);
        assertThat(counter("tailrace.coordinator.undecodable.records", "topic", "tailrace.build-events"))
                .isEqualTo(2);

        give(good);
        assertThat(spine()).hasSize(3);
    }

    @Test
    void terminalWithAnUnknownValueEndsTheStage() {
        give(Records.create(RUN, 1, Limits.DEFAULT));
        write(1, 1, 1, "a", Records.claim());
        ProducerRecord<byte[], byte[]> terminal = Records.of(RUN, 1, 1, 2, "a", Records.completed(Outcome.SUCCEEDED));
        input(Topic.BUILD_EVENTS)
                .pipeInput(new TestRecord<>(terminal.key(), new byte[] {0, 0, 0, 9, 9}, terminal.headers(), now));

        assertThat(view().status()).isEqualTo(RunStatus.FAILED);
        assertThat(view().failure().orElseThrow().code()).isEqualTo("unreadable_result");
        assertThat(counter("tailrace.coordinator.undecodable.records", "topic", "tailrace.build-events"))
                .isEqualTo(1);
    }

    @Test
    void oldRunsAreForgotten() {
        give(Records.create(RUN, 1, Limits.DEFAULT));
        give(Records.create(new RunId("r-young"), 1, Limits.DEFAULT));
        give(Records.cancel(RUN));
        readAborts();
        wallClock(RETENTION.minusSeconds(60));
        assertThat(views().getLast()).isPresent();
        give(Records.create(RUN, 1, Limits.DEFAULT));
        assertThat(spine().stream().filter("run.created #1"::equals)).hasSize(2);
        wallClock(Duration.ofMinutes(2));

        assertThat(views().getLast()).isEmpty();
        assertThat(driver.getKeyValueStore(RunTopology.VIEW_STORE).get(KafkaRecords.key(new RunId("r-young"))))
                .isNotNull();
        give(Records.create(RUN, 1, Limits.DEFAULT));
        assertThat(spine().stream().filter("run.created #1"::equals)).hasSize(3);
    }

    // The log.

    private void give(ProducerRecord<byte[], byte[]> record) {
        input(Topic.RUN_COMMANDS).pipeInput(new TestRecord<>(record.key(), record.value(), record.headers(), now));
    }

    private void write(int step, int attempt, long sequence, String worker, BuildFact fact) {
        append(Records.of(RUN, step, attempt, sequence, worker, fact));
    }

    private void append(ProducerRecord<byte[], byte[]> record) {
        input(Topic.BUILD_EVENTS).pipeInput(new TestRecord<>(record.key(), record.value(), record.headers(), now));
    }

    /** So many seconds, with the ticks read back, and forced ends on their way. */
    private void seconds(int seconds) {
        for (int i = 0; i < seconds; i++) {
            wallClock(Duration.ofSeconds(1));
            List<BuildEvent> all = new ArrayList<>(appended);
            appended.clear();
            for (BuildEvent event : all) {
                if (event.headers().type().equals("tick")) {
                    append(Records.KAFKA.buildEvent(0, event));
                } else {
                    appended.add(event);
                }
            }
        }
    }

    private void wallClock(Duration span) {
        now = now.plus(span);
        driver.advanceWallClockTime(span);
    }

    private void readAborts() {
        while (!appended.isEmpty()) {
            append(Records.KAFKA.buildEvent(0, appended.removeFirst()));
        }
    }

    private TestInputTopic<byte[], byte[]> input(Topic topic) {
        return driver.createInputTopic(topic.topicName(), new ByteArraySerializer(), new ByteArraySerializer());
    }

    private final List<TestRecord<byte[], byte[]>> spineRead = new ArrayList<>();
    private final List<BuildRequest> requestsRead = new ArrayList<>();
    private final List<Optional<RunView>> viewsRead = new ArrayList<>();

    private List<TestRecord<byte[], byte[]>> output(Topic topic) {
        return driver.createOutputTopic(topic.topicName(), new ByteArrayDeserializer(), new ByteArrayDeserializer())
                .readRecordsToList();
    }

    private List<EventHeaders> spineHeaders() {
        spineRead.addAll(output(Topic.RUN_EVENTS));
        return spineRead.stream()
                .map(it -> KafkaRecords.headers(it.headers()).orElseThrow())
                .toList();
    }

    private List<String> spine() {
        return spineHeaders().stream()
                .map(it -> it.type()
                        + it.runSequence().map(number -> " #" + number).orElse(""))
                .toList();
    }

    private List<String> ids() {
        return spineHeaders().stream().map(it -> it.eventId().value()).toList();
    }

    private List<BuildRequest> requests() {
        output(Topic.BUILD_REQUESTS)
                .forEach(it -> requestsRead.add(decode(Topic.BUILD_REQUESTS, BuildRequest.class, it.value())));
        return requestsRead;
    }

    private List<Optional<RunView>> views() {
        output(Topic.RUNS)
                .forEach(it -> viewsRead.add(
                        Optional.ofNullable(it.value()).map(value -> decode(Topic.RUNS, RunView.class, value))));
        return viewsRead;
    }

    /** The last view of the run. */
    private RunView view() {
        return views().stream()
                .flatMap(Optional::stream)
                .filter(it -> it.runId().equals(RUN))
                .reduce((_, last) -> last)
                .orElseThrow();
    }

    private static <T extends Record> T decode(Topic topic, Class<T> type, byte[] value) {
        try {
            return Records.CODEC.decode(topic, type, value);
        } catch (UndecodableRecord e) {
            throw new AssertionError(e);
        }
    }

    private double counter(String name, String tag, String value) {
        return registry.counter(name, tag, value).count();
    }
}
