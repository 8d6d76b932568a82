package io.tailrace.coordinator.topology;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tailrace.coordinator.decide.StageTimeouts;
import io.tailrace.events.codec.UndecodableRecord;
import io.tailrace.events.id.RunId;
import io.tailrace.events.kafka.KafkaRecords;
import io.tailrace.events.log.EventHeaders;
import io.tailrace.events.log.Topic;
import io.tailrace.events.run.RunView;
import io.tailrace.service.trace.Traces;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
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

/** The topology in one thread and without a broker: one partition, in which a test appends. */
final class DrivenTopology implements AutoCloseable {
    static final Instant START = Instant.parse("2026-11-21T10:00:00Z");
    static final Duration RETENTION = Duration.ofDays(30);

    final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    final TopologyTestDriver driver;

    /** What the coordinator appended to the topics of stages, and what was not read back yet. */
    final AppendedRecords appended = new AppendedRecords();

    Instant now = START;
    private final List<TestRecord<byte[], byte[]>> spineRead = new ArrayList<>();
    private final List<Optional<RunView>> viewsRead = new ArrayList<>();

    DrivenTopology(Path stateDir) {
        this(stateDir, Traces.NONE);
    }

    DrivenTopology(Path stateDir, Traces traces) {
        TopologySettings settings = new TopologySettings(
                "test", Records.log(7), 1, RETENTION, Duration.ofSeconds(30), StageTimeouts.DEFAULT);
        RunTopology topology = new RunTopology(
                settings,
                Records.CODEC,
                appended,
                new CoordinatorMetrics(registry, () -> now),
                () -> new UUID(2, appended.size()),
                () -> now,
                new RecordedLog().reading(),
                new WholeLog(),
                traces);
        Properties properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "test");
        properties.put(StreamsConfig.STATE_DIR_CONFIG, stateDir.toString());
        properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        driver = new TopologyTestDriver(topology.build(), properties, START);
    }

    /** Appends to the record's topic. */
    void give(ProducerRecord<byte[], byte[]> record) {
        Topic topic = Topic.named(record.topic()).orElseThrow();
        input(topic).pipeInput(new TestRecord<>(record.key(), record.value(), record.headers(), now));
    }

    TestInputTopic<byte[], byte[]> input(Topic topic) {
        return driver.createInputTopic(topic.topicName(), new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** So many seconds, with the ticks read back, and forced ends on their way. */
    void seconds(int seconds) {
        for (int i = 0; i < seconds; i++) {
            wallClock(Duration.ofSeconds(1));
            List<ProducerRecord<byte[], byte[]>> all = new ArrayList<>(appended);
            appended.clear();
            for (ProducerRecord<byte[], byte[]> record : all) {
                if (AppendedRecords.type(record).equals("tick")) {
                    give(record);
                } else {
                    appended.add(record);
                }
            }
        }
    }

    void wallClock(Duration span) {
        now = now.plus(span);
        driver.advanceWallClockTime(span);
    }

    void readAborts() {
        while (!appended.isEmpty()) {
            give(appended.removeFirst());
        }
    }

    List<TestRecord<byte[], byte[]>> output(Topic topic) {
        return driver.createOutputTopic(topic.topicName(), new ByteArrayDeserializer(), new ByteArrayDeserializer())
                .readRecordsToList();
    }

    private List<EventHeaders> spineHeaders() {
        spineRead.addAll(output(Topic.RUN_EVENTS));
        return spineRead.stream()
                .map(it -> KafkaRecords.headers(it.headers()).orElseThrow())
                .toList();
    }

    List<String> spine() {
        return spineHeaders().stream()
                .map(it -> it.type()
                        + it.runSequence().map(number -> " #" + number).orElse(""))
                .toList();
    }

    List<String> ids() {
        return spineHeaders().stream().map(it -> it.eventId().value()).toList();
    }

    List<Optional<RunView>> views() {
        output(Topic.RUNS)
                .forEach(it -> viewsRead.add(
                        Optional.ofNullable(it.value()).map(value -> decode(Topic.RUNS, RunView.class, value))));
        return viewsRead;
    }

    /** The last view of the run. */
    RunView view(RunId run) {
        return views().stream()
                .flatMap(Optional::stream)
                .filter(it -> it.runId().equals(run))
                .reduce((_, last) -> last)
                .orElseThrow();
    }

    static <T extends Record> T decode(Topic topic, Class<T> type, byte[] value) {
        try {
            return Records.CODEC.decode(topic, type, value);
        } catch (UndecodableRecord e) {
            throw new AssertionError(e);
        }
    }

    double counter(String name, String tag, String value) {
        return registry.counter(name, tag, value).count();
    }

    @Override
    public void close() {
        driver.close();
    }
}
