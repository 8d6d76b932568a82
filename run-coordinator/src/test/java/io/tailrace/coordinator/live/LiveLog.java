package io.tailrace.coordinator.live;

import static org.awaitility.Awaitility.await;

import io.tailrace.events.codec.EventCodec;
import io.tailrace.events.codec.UndecodableRecord;
import io.tailrace.events.command.RunCommand;
import io.tailrace.events.id.EventId;
import io.tailrace.events.id.RunId;
import io.tailrace.events.id.WorkspaceId;
import io.tailrace.events.kafka.KafkaRecords;
import io.tailrace.events.kafka.TopicSettings;
import io.tailrace.events.kafka.Topics;
import io.tailrace.events.log.LogRecord;
import io.tailrace.events.log.Topic;
import io.tailrace.events.plan.BuildStep;
import io.tailrace.events.plan.Limits;
import io.tailrace.events.plan.Plan;
import io.tailrace.events.plan.Step;
import io.tailrace.events.run.RunEvent;
import io.tailrace.events.run.RunFact;
import io.tailrace.events.run.RunView;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The log as the coordinator's neighbours see it: gives commands, and follows spine, chapters and views. */
public final class LiveLog implements AutoCloseable {
    static final WorkspaceId WORKSPACE = new WorkspaceId("demo");
    public static final Duration PATIENCE = Duration.ofSeconds(40);

    final String servers;
    final EventCodec codec = new EventCodec();
    final KafkaRecords records = new KafkaRecords(codec);
    final KafkaProducer<byte[], byte[]> producer;
    private final Map<RunId, List<LogRecord>> spine = new ConcurrentHashMap<>();
    private final Map<RunId, List<LogRecord>> chapters = new ConcurrentHashMap<>();
    private final Map<RunId, List<Optional<RunView>>> views = new ConcurrentHashMap<>();
    private final Map<RunId, Long> firstSpineNanos = new ConcurrentHashMap<>();
    private final Map<RunId, Long> firstViewNanos = new ConcurrentHashMap<>();
    private final int partitions;
    private final Thread thread;
    private volatile boolean closed;

    public LiveLog(String servers, int partitions) throws Exception {
        this.servers = servers;
        this.partitions = partitions;
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers))) {
            Topics.ensure(admin, new TopicSettings(partitions, 1, 1, Duration.ofDays(30)));
            admin.incrementalAlterConfigs(Map.of(
                            new ConfigResource(ConfigResource.Type.GROUP, FakeWorker.GROUP),
                            List.of(
                                    set("share.auto.offset.reset", "earliest"),
                                    set("share.isolation.level", "read_committed"))))
                    .all()
                    .get();
        }
        producer = new KafkaProducer<>(
                Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, servers),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        thread = Thread.ofPlatform().name("live-log").start(this::follow);
    }

    private static AlterConfigOp set(String name, String value) {
        return new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET);
    }

    private void follow() {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        servers,
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> all = new ArrayList<>();
            for (Topic topic : List.of(Topic.RUN_EVENTS, Topic.BUILD_EVENTS, Topic.TURN_EVENTS, Topic.RUNS)) {
                for (int i = 0; i < partitions; i++) {
                    all.add(new TopicPartition(topic.topicName(), i));
                }
            }
            consumer.assign(all);
            consumer.seekToBeginning(all);
            while (!closed) {
                consumer.poll(Duration.ofMillis(50)).forEach(this::take);
            }
        }
    }

    private void take(ConsumerRecord<byte[], byte[]> record) {
        if (record.topic().equals(Topic.RUNS.topicName())) {
            Optional<RunView> view =
                    Optional.ofNullable(record.value()).map(it -> decode(Topic.RUNS, RunView.class, it));
            RunId run = new RunId(new String(record.key(), StandardCharsets.UTF_8));
            views.computeIfAbsent(run, _ -> new CopyOnWriteArrayList<>()).add(view);
            firstViewNanos.putIfAbsent(run, System.nanoTime());
            return;
        }
        KafkaRecords.logRecord(record).ifPresent(it -> {
            boolean onSpine = it.topic() == Topic.RUN_EVENTS;
            if (onSpine) {
                firstSpineNanos.putIfAbsent(it.run(), System.nanoTime());
            }
            (onSpine ? spine : chapters)
                    .computeIfAbsent(it.run(), _ -> new CopyOnWriteArrayList<>())
                    .add(it.value().length < 4096 ? it : withoutValue(it));
        });
    }

    /** A flood is not kept in memory. */
    private static LogRecord withoutValue(LogRecord record) {
        return new LogRecord(record.position(), record.run(), record.timestamp(), record.headers(), new byte[0]);
    }

    <T extends Record> T decode(Topic topic, Class<T> type, byte[] bytes) {
        try {
            return codec.decode(topic, type, bytes);
        } catch (UndecodableRecord e) {
            throw new AssertionError(e);
        }
    }

    static RunId newRun() {
        return RunId.of(UUID.randomUUID());
    }

    public RunId create(int steps) {
        return create(newRun(), steps, Limits.DEFAULT);
    }

    RunId create(RunId run, int steps, Limits limits) {
        give(run, creation(steps, limits));
        return run;
    }

    RunId create(List<Step> steps) {
        RunId run = newRun();
        give(run, creation(steps, Limits.DEFAULT));
        return run;
    }

    private static RunCommand.CreateRun creation(int steps, Limits limits) {
        return creation(
                Collections.nCopies(steps, new BuildStep(BuildStep.COMMANDS, Optional.of("hello"), List.of())), limits);
    }

    private static RunCommand.CreateRun creation(List<Step> plan, Limits limits) {
        return new RunCommand.CreateRun(
                WORKSPACE, "build", Optional.empty(), new Plan(plan), limits, Optional.empty(), "digest");
    }

    /** So many runs at one stroke. Returns when the log has all of them. */
    List<RunId> createAtOnce(int count) {
        List<RunId> runs = Stream.generate(LiveLog::newRun).limit(count).toList();
        runs.forEach(it -> sendAndForget(records.command(
                new RunCommand(it, EventId.of(UUID.randomUUID()), Instant.now(), creation(1, Limits.DEFAULT)))));
        producer.flush();
        return runs;
    }

    public void cancel(RunId run) {
        give(run, new RunCommand.CancelRun(Optional.empty()));
    }

    void give(RunId run, RunCommand.Command command) {
        send(records.command(new RunCommand(run, EventId.of(UUID.randomUUID()), Instant.now(), command)));
    }

    /** Returns when the log has it. */
    RecordMetadata send(ProducerRecord<byte[], byte[]> record) {
        try {
            return producer.send(record).get();
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    void sendAndForget(ProducerRecord<byte[], byte[]> record) {
        Future<RecordMetadata> _ = producer.send(record);
    }

    List<LogRecord> spine(RunId run) {
        return spine.getOrDefault(run, List.of());
    }

    List<LogRecord> chapters(RunId run) {
        return chapters.getOrDefault(run, List.of());
    }

    List<RunFact> facts(RunId run) {
        return spine(run).stream()
                .map(it -> decode(Topic.RUN_EVENTS, RunEvent.class, it.value()).payload())
                .toList();
    }

    public List<String> types(RunId run) {
        return spine(run).stream().map(it -> it.headers().type()).toList();
    }

    public <F extends RunFact> F awaitFact(RunId run, Class<F> type) {
        return awaitFact(run, type, 1);
    }

    <F extends RunFact> F awaitFact(RunId run, Class<F> type, int count) {
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> facts(run).stream().filter(type::isInstance).count() >= count);
        return facts(run).stream()
                .filter(type::isInstance)
                .map(type::cast)
                .skip(count - 1)
                .findFirst()
                .orElseThrow();
    }

    /** When the run's first lifecycle event was seen here, in this JVM's nanoseconds. */
    Optional<Long> firstSpineNanos(RunId run) {
        return Optional.ofNullable(firstSpineNanos.get(run));
    }

    /** When the run's first view was seen here, in this JVM's nanoseconds. */
    Optional<Long> firstViewNanos(RunId run) {
        return Optional.ofNullable(firstViewNanos.get(run));
    }

    Optional<RunView> view(RunId run) {
        List<Optional<RunView>> all = views.getOrDefault(run, List.of());
        return all.isEmpty() ? Optional.empty() : all.getLast();
    }

    boolean hasTombstone(RunId run) {
        List<Optional<RunView>> all = views.getOrDefault(run, List.of());
        return !all.isEmpty() && all.getLast().isEmpty();
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        producer.close();
    }
}
