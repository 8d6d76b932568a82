package io.tailrace.coordinator.topology;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tailrace.coordinator.decide.StageTimeouts;
import io.tailrace.coordinator.view.RunProjection;
import io.tailrace.events.codec.UndecodableRecord;
import io.tailrace.events.id.EventId;
import io.tailrace.events.id.RunId;
import io.tailrace.events.kafka.KafkaRecords;
import io.tailrace.events.log.LogRecord;
import io.tailrace.events.log.Topic;
import io.tailrace.events.run.RunEvent;
import io.tailrace.events.run.RunView;
import io.tailrace.events.stage.BuildEvent;
import io.tailrace.events.stage.StageFact;
import io.tailrace.events.stage.TurnEvent;
import io.tailrace.service.trace.Traces;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;

/** One task's lives on one store, with the log that it reads and writes. A second takes a second and brings a tick. */
final class CheckedTask {
    final RecordedLog log = new RecordedLog();
    final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final AppendedRecords appended = new AppendedRecords();
    private final KeyValueStore<byte[], byte[]> store;
    private final Map<RunId, RunView> views = new HashMap<>();
    private final MockProcessorContext<byte[], byte[]> context;
    private Instant now = Instant.parse("2026-11-21T10:00:00Z");
    private final CoordinatorMetrics metrics = new CoordinatorMetrics(registry, () -> now);
    private RunProcessor processor;
    private int forwarded;

    CheckedTask(File folder) {
        context = new MockProcessorContext<>(new Properties(), new TaskId(0, 0), folder);
        store = Stores.keyValueStoreBuilder(
                        Stores.inMemoryKeyValueStore(RunTopology.RUN_STORE), Serdes.ByteArray(), Serdes.ByteArray())
                .withLoggingDisabled()
                .build();
        store.init(context.getStateStoreContext(), store);
        processor = started();
    }

    private RunProcessor started() {
        RunProcessor fresh = new RunProcessor(new TopologyParts(
                new TopologySettings(
                        "test", Records.log(7), 1, Duration.ofDays(30), Duration.ofSeconds(30), StageTimeouts.DEFAULT),
                Records.CODEC,
                Records.KAFKA,
                new StateCodecs(),
                appended,
                metrics,
                () -> new UUID(3, 3),
                () -> now,
                log.reading(),
                log.positions(),
                Traces.NONE));
        fresh.init(context);
        return fresh;
    }

    void restart() {
        processor.close();
        context.scheduledPunctuators().forEach(MockProcessorContext.CapturedPunctuator::cancel);
        processor = started();
    }

    /** The store lacks what it had of a run. */
    void forget(RunId run) {
        store.delete(key('A', run));
        store.delete(key('B', run));
        store.delete(key('E', run));
    }

    /** The store lacks what it had of a run, and is from a moment before it. */
    void forgetItsTime(RunId run) {
        forget(run);
        store.delete(new byte[] {'S'});
        store.delete(new byte[] {'C'});
    }

    /** The store has nothing at all: the state is older than the first command. */
    void forgetAll() {
        List<byte[]> keys = new ArrayList<>();
        try (KeyValueIterator<byte[], byte[]> all = store.all()) {
            all.forEachRemaining(it -> keys.add(it.key));
        }
        keys.forEach(store::delete);
    }

    /** All that is stored; {@link #restore} makes it the state again, as if nothing had come after. */
    List<KeyValue<byte[], byte[]>> snapshot() {
        List<KeyValue<byte[], byte[]>> entries = new ArrayList<>();
        try (KeyValueIterator<byte[], byte[]> all = store.all()) {
            all.forEachRemaining(entries::add);
        }
        return entries;
    }

    /** Begins anew with a state of an earlier moment, and reads again what came after it. */
    void restore(List<KeyValue<byte[], byte[]>> snapshot) {
        forgetAll();
        snapshot.forEach(it -> store.put(it.key, it.value));
        dieAndGoOn();
    }

    /** The task is gone; another one has what is stored, and reads on from where that says. */
    void dieAndGoOn() {
        restart();
        for (Topic topic : List.of(Topic.RUN_COMMANDS, Topic.BUILD_EVENTS, Topic.TURN_EVENTS)) {
            long next = log.goesOn(topic).orElse(0L);
            List.copyOf(log.of(topic)).stream()
                    .filter(it -> it.offset() >= next)
                    .forEach(this::read);
        }
    }

    /** How many commands are stored that wait for their runs. */
    long kept() {
        return snapshot().stream().filter(it -> it.key[0] == 'K').count();
    }

    /** The view of a run is removed. */
    void removeView(RunId run) {
        log.append(Topic.RUNS, KafkaRecords.key(run), null, new RecordHeaders(), now);
    }

    /** So much time passes at once, in which nothing is written; then what is old is forgotten. */
    void sweepAfter(Duration time) {
        now = now.plus(time);
        List.copyOf(context.scheduledPunctuators()).stream()
                .filter(it -> !it.cancelled() && it.getInterval().equals(Duration.ofSeconds(30)))
                .forEach(it -> it.getPunctuator().punctuate(now.toEpochMilli()));
    }

    /** The state does not say how far it knows the spine, as that of an earlier release. */
    void forgetSpineProgress() {
        store.delete(new byte[] {'S'});
    }

    /** Where the store has the run to be in its trace. */
    Optional<RunTrace> trace(RunId run) {
        try {
            byte[] stored = store.get(key('T', run));
            return stored == null ? Optional.empty() : Optional.of(new StateCodecs().traces.decode(stored));
        } catch (UndecodableRecord e) {
            throw new AssertionError(e);
        }
    }

    void spoil(RunId run) {
        store.put(key('A', run), new byte[] {99});
    }

    /** What the store has of an open run; {@link #goBack} puts it there again, as if nothing had come after. */
    List<byte[]> stored(RunId run) {
        return List.of(store.get(key('A', run)), store.get(key('B', run)));
    }

    void goBack(RunId run, List<byte[]> stored) {
        store.put(key('A', run), stored.getFirst());
        store.put(key('B', run), stored.getLast());
        store.delete(key('E', run));
    }

    private static byte[] key(char kind, RunId run) {
        return (kind + run.value()).getBytes(StandardCharsets.UTF_8);
    }

    /** Appends to the record's topic, and lets the task read it. */
    void give(ProducerRecord<byte[], byte[]> record) {
        write(record);
        readLast(Topic.named(record.topic()).orElseThrow());
    }

    /** Appends to the record's topic. */
    void write(ProducerRecord<byte[], byte[]> record) {
        log.append(Topic.named(record.topic()).orElseThrow(), record.key(), record.value(), record.headers(), now);
    }

    /** Lets the task read what was appended last. */
    void readLast(Topic topic) {
        read(log.of(topic).getLast());
    }

    void read(ConsumerRecord<byte[], byte[]> record) {
        context.setRecordMetadata(record.topic(), 0, record.offset());
        processor.process(new Record<>(record.key(), record.value(), record.timestamp(), record.headers()));
        drain();
    }

    /** Time passes in build-events, and stands still in turn-events. */
    void seconds(int seconds) {
        seconds(Topic.BUILD_EVENTS, seconds);
    }

    /** Time passes in one of the workers' topics, and stands still in the other. */
    void seconds(Topic topic, int seconds) {
        for (int i = 0; i < seconds; i++) {
            now = now.plusSeconds(1);
            give(tick(topic));
            List.copyOf(context.scheduledPunctuators()).stream()
                    .filter(it -> !it.cancelled() && it.getInterval().equals(Duration.ofSeconds(1)))
                    .forEach(it -> it.getPunctuator().punctuate(now.toEpochMilli()));
            drain();
        }
    }

    private ProducerRecord<byte[], byte[]> tick(Topic topic) {
        EventId id = EventId.of(new UUID(4, log.size(topic)));
        return topic == Topic.TURN_EVENTS
                ? Records.KAFKA.stageEvent(0, TurnEvent.tick(id, now, new StageFact.Tick("test")))
                : Records.KAFKA.stageEvent(0, BuildEvent.tick(id, now, new StageFact.Tick("test")));
    }

    /** Seconds whose ticks are appended, and read by nobody. */
    void unreadSeconds(int seconds) {
        for (int i = 0; i < seconds; i++) {
            now = now.plusSeconds(1);
            write(tick(Topic.BUILD_EVENTS));
        }
    }

    /** Lets the task read back the forced ends that it has appended. */
    void readAborts() {
        while (!appended.isEmpty()) {
            ProducerRecord<byte[], byte[]> next = appended.removeFirst();
            if (!AppendedRecords.type(next).equals("tick")) {
                give(next);
            }
        }
    }

    double refused(Topic topic) {
        return registry.find("tailrace.coordinator.refused.records").tag("topic", topic.topicName()).counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    double rewound(Topic topic) {
        return registry.counter("tailrace.coordinator.inputs.rewound", "topic", topic.topicName())
                .count();
    }

    private void drain() {
        List<MockProcessorContext.CapturedForward<? extends byte[], ? extends byte[]>> all =
                List.copyOf(context.forwarded());
        all.stream().skip(forwarded).forEach(it -> {
            if (it.childName().equals(Optional.of(RunTopology.sinkOf(Topic.RUN_EVENTS)))) {
                log.append(
                        Topic.RUN_EVENTS,
                        it.record().key(),
                        it.record().value(),
                        it.record().headers(),
                        now);
                project(it.record().value());
            }
        });
        forwarded = all.size();
    }

    private void project(byte[] value) {
        try {
            RunEvent event = Records.CODEC.decode(Topic.RUN_EVENTS, RunEvent.class, value);
            RunView view = RunProjection.project(
                            Optional.ofNullable(views.get(event.runId())), event, 0, log.size(Topic.RUN_EVENTS) - 1L)
                    .orElseThrow();
            views.put(event.runId(), view);
            ProducerRecord<byte[], byte[]> out = Records.KAFKA.runView(view);
            log.append(Topic.RUNS, out.key(), out.value(), out.headers(), now);
        } catch (UndecodableRecord e) {
            throw new AssertionError(e);
        }
    }

    List<String> spine() {
        return records(Topic.RUN_EVENTS).stream()
                .map(it -> it.headers().type()
                        + it.headers()
                                .runSequence()
                                .map(number -> " #" + number)
                                .orElse(""))
                .toList();
    }

    List<String> ids() {
        return records(Topic.RUN_EVENTS).stream()
                .map(it -> it.headers().eventId().value())
                .toList();
    }

    List<LogRecord> records(Topic topic) {
        return log.of(topic).stream()
                .map(KafkaRecords::logRecord)
                .flatMap(Optional::stream)
                .toList();
    }

    double takenUp() {
        return registry.counter("tailrace.coordinator.runs.taken.up").count();
    }

    double aborts(String reason) {
        return registry.counter("tailrace.coordinator.aborts", "reason", reason).count();
    }

    double gauge(String name) {
        return registry.get("tailrace.coordinator." + name).gauge().value();
    }
}
