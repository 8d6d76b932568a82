package io.tailrace.worker.testing;

import static org.awaitility.Awaitility.await;

import io.tailrace.events.codec.EventCodec;
import io.tailrace.events.codec.UndecodableRecord;
import io.tailrace.events.id.Attempt;
import io.tailrace.events.id.EventId;
import io.tailrace.events.id.RunId;
import io.tailrace.events.id.StageId;
import io.tailrace.events.id.WorkerId;
import io.tailrace.events.id.WorkspaceId;
import io.tailrace.events.kafka.KafkaRecords;
import io.tailrace.events.kafka.TopicSettings;
import io.tailrace.events.kafka.Topics;
import io.tailrace.events.log.ChapterRange;
import io.tailrace.events.log.LogPosition;
import io.tailrace.events.log.Topic;
import io.tailrace.events.plan.BuildStep;
import io.tailrace.events.run.Failure;
import io.tailrace.events.run.Outcome;
import io.tailrace.events.run.RunEvent;
import io.tailrace.events.run.RunFact;
import io.tailrace.events.stage.BuildEvent;
import io.tailrace.events.stage.BuildFact;
import io.tailrace.events.stage.StageFact;
import io.tailrace.events.work.BuildRequest;
import io.tailrace.local.testing.TestKafka;
import io.tailrace.service.kafka.KafkaClients;
import io.tailrace.worker.position.PositionReader;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The topics on a real broker, and a stand-in for the coordinator that writes what a test tells it to. */
public final class TestLog implements AutoCloseable {

    public static final TopicSettings TOPICS = new TopicSettings(3, 1, 1, Duration.ofDays(1));

    private final String servers;
    private final EventCodec codec = new EventCodec();
    private final KafkaRecords records = new KafkaRecords(codec);
    private final Admin admin;
    private final KafkaProducer<byte[], byte[]> coordinator;
    private final KafkaProducer<byte[], byte[]> plain;
    private final PositionReader reader;
    private Optional<Instant> time = Optional.empty();

    /** Ensures the topics and empties the queue of what other tests have left in it. */
    public TestLog() throws Exception {
        this(TestKafka.shared().bootstrapServers());
    }

    /** Like {@link #TestLog()}, on a broker of the test's own. */
    public TestLog(String servers) throws Exception {
        this.servers = servers;
        this.admin = Admin.create(Map.of("bootstrap.servers", servers));
        Topics.ensure(admin, TOPICS);
        emptyQueue();
        coordinator = producer(Map.of("transactional.id", "test-" + UUID.randomUUID()));
        coordinator.initTransactions();
        plain = producer(Map.of());
        reader = new PositionReader(KafkaClients.at(servers), "test");
    }

    public String servers() {
        return servers;
    }

    /** Reads the log by positions; closed with it. */
    public PositionReader reader() {
        return reader;
    }

    /** Writes a record as it is. Answers where it lies. */
    public LogPosition write(ProducerRecord<byte[], byte[]> record) throws InterruptedException, ExecutionException {
        RecordMetadata taken = plain.send(record).get();
        return new LogPosition(Topic.named(taken.topic()).orElseThrow(), taken.partition(), taken.offset());
    }

    /** A stage of a new run. */
    public static StageId anyStage() {
        return StageId.of(RunId.of(UUID.randomUUID()), 1);
    }

    /** Dispatches the stage's first attempt: {@code stage.requested} and the request, in one transaction. */
    public void dispatch(StageId stage) {
        BuildRequest request = request(stage, Attempt.FIRST);
        transaction(
                records.runEvent(runEvent(
                        stage, new RunFact.StageRequested(1, 1, "commands", Attempt.FIRST, request.chapterFrom()))),
                records.request(request));
    }

    /** Puts a request into the queue, and says nothing on the spine. */
    public void request(BuildRequest request) {
        transaction(records.request(request));
    }

    public BuildRequest request(StageId stage, Attempt attempt) {
        return request(stage, attempt, new BuildStep("commands", Optional.of("hello"), List.of()));
    }

    public BuildRequest request(StageId stage, Attempt attempt, BuildStep step) {
        return new BuildRequest(
                stage.run(),
                stage,
                attempt,
                new WorkspaceId("test"),
                step,
                new LogPosition(Topic.BUILD_EVENTS, partitionOf(stage), endOf(stage)),
                Instant.now());
    }

    /** Puts bytes into the queue that are no request. */
    public void requestThatIsNone(StageId stage) {
        transaction(new ProducerRecord<>(
                Topic.BUILD_REQUESTS.topicName(), KafkaRecords.key(stage.run()), new byte[] {1, 2, 3}));
    }

    /** The coordinator says something of the stage or its run. */
    public void say(StageId stage, RunFact fact) {
        transaction(records.runEvent(runEvent(stage, fact)));
    }

    public void sayCancelRequested(StageId stage) {
        say(stage, new RunFact.RunCancelRequested(Optional.empty()));
    }

    public void sayRedispatched(StageId stage, Attempt attempt) {
        say(
                stage,
                new RunFact.StageRedispatched(
                        attempt, RunFact.RedispatchReason.SILENCE, Optional.empty(), Duration.ofSeconds(7)));
    }

    public void sayClaimed(StageId stage, Attempt attempt, WorkerId worker) {
        say(stage, new RunFact.RunProgress(1, 1, attempt, worker, Duration.ZERO));
    }

    public void sayFinished(StageId stage) {
        say(
                stage,
                new RunFact.StageFinished(
                        1,
                        Attempt.FIRST,
                        Outcome.CANCELED,
                        Optional.of(Failure.of("canceled", "canceled")),
                        Optional.empty(),
                        new ChapterRange(0, 0),
                        Optional.empty(),
                        Optional.empty(),
                        Duration.ZERO,
                        Duration.ZERO,
                        1,
                        0));
    }

    /** The coordinator ends the stage by force, in the stage's own topic. */
    public void abort(StageId stage) throws Exception {
        append(
                stage,
                BuildEvent.aborted(
                        anyId(),
                        stage,
                        Instant.now(),
                        new StageFact.StageAborted(
                                StageFact.AbortReason.CANCELED_IN_QUEUE, Outcome.CANCELED, "canceled")));
    }

    /** Some worker claims the stage. Answers where its claim is. */
    public LogPosition claim(StageId stage, Attempt attempt, WorkerId worker) throws Exception {
        return append(
                stage,
                BuildEvent.ofAttempt(
                        anyId(), stage, attempt, 1, worker, Instant.now(), new BuildFact.AttemptStarted("commands")));
    }

    /** Some worker says that it is at the stage. */
    public LogPosition heartbeat(StageId stage, Attempt attempt, WorkerId worker) throws Exception {
        return append(
                stage,
                BuildEvent.ofAttempt(anyId(), stage, attempt, 2, worker, Instant.now(), new StageFact.Heartbeat()));
    }

    /** Some worker ends the stage. */
    public LogPosition complete(StageId stage, Attempt attempt, WorkerId worker) throws Exception {
        return append(
                stage, BuildEvent.ofAttempt(anyId(), stage, attempt, 2, worker, Instant.now(), TestStages.completed()));
    }

    /** From now on what is written has the time that {@link #at} says, on a broker of the test's own. */
    public void keepTimesAsWritten() throws Exception {
        Map<ConfigResource, Collection<AlterConfigOp>> changes = Stream.of(
                        Topic.RUN_EVENTS, Topic.BUILD_EVENTS, Topic.BUILD_REQUESTS)
                .collect(Collectors.toMap(
                        it -> new ConfigResource(ConfigResource.Type.TOPIC, it.topicName()),
                        _ -> List.of(new AlterConfigOp(
                                new ConfigEntry(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, "CreateTime"),
                                AlterConfigOp.OpType.SET))));
        admin.incrementalAlterConfigs(changes).all().get();
    }

    /** The time of what is written next. */
    public void at(Instant moment) {
        time = Optional.of(moment);
    }

    /** Deletes a topic and makes it anew under its name. */
    public void makeAnew(Topic topic) throws Exception {
        admin.deleteTopics(List.of(topic.topicName())).all().get();
        await().atMost(Duration.ofSeconds(30))
                .ignoreExceptionsMatching(it -> it.getCause() instanceof UnknownTopicOrPartitionException)
                .until(() -> {
                    Topics.ensure(admin, TOPICS);
                    return true;
                });
    }

    private ProducerRecord<byte[], byte[]> timed(ProducerRecord<byte[], byte[]> it) {
        return time.map(at -> new ProducerRecord<>(
                        it.topic(), it.partition(), at.toEpochMilli(), it.key(), it.value(), it.headers()))
                .orElse(it);
    }

    private LogPosition append(StageId stage, BuildEvent event) throws InterruptedException, ExecutionException {
        return write(timed(records.stageEvent(partitionOf(stage), event)));
    }

    /** What stands in build-events of the stage, in its order. */
    public List<BuildEvent> events(StageId stage) {
        TopicPartition partition = new TopicPartition(Topic.BUILD_EVENTS.topicName(), partitionOf(stage));
        List<BuildEvent> events = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = endOf(stage);
            while (consumer.position(partition) < end) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                    if (KafkaRecords.isKeyedBy(record.key(), KafkaRecords.key(stage.run()))) {
                        events.add(decode(record));
                    }
                }
            }
        }
        return events;
    }

    /** The facts of the stage, heartbeats left out. */
    public List<BuildFact> facts(StageId stage) {
        return events(stage).stream()
                .map(BuildEvent::payload)
                .filter(fact -> !(fact instanceof StageFact.Heartbeat))
                .toList();
    }

    public int partitionOf(StageId stage) {
        return KafkaRecords.partitionOf(stage.run(), TOPICS.partitions());
    }

    private long endOf(StageId stage) {
        TopicPartition partition = new TopicPartition(Topic.BUILD_EVENTS.topicName(), partitionOf(stage));
        try {
            return admin.listOffsets(Map.of(partition, OffsetSpec.latest()))
                    .partitionResult(partition)
                    .get()
                    .offset();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private BuildEvent decode(ConsumerRecord<byte[], byte[]> record) {
        try {
            return codec.decode(Topic.BUILD_EVENTS, BuildEvent.class, record.value());
        } catch (UndecodableRecord e) {
            throw new IllegalStateException(e);
        }
    }

    public KafkaConsumer<byte[], byte[]> consumer() {
        return new KafkaConsumer<>(
                Map.of("bootstrap.servers", servers, "auto.offset.reset", "earliest", "enable.auto.commit", "false"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    private KafkaProducer<byte[], byte[]> producer(Map<String, Object> more) {
        Map<String, Object> config = new HashMap<>(more);
        config.put("bootstrap.servers", servers);
        config.put("linger.ms", "0");
        return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }

    @SafeVarargs
    private void transaction(ProducerRecord<byte[], byte[]>... all) {
        coordinator.beginTransaction();
        for (ProducerRecord<byte[], byte[]> record : all) {
            var _ = coordinator.send(timed(record));
        }
        coordinator.commitTransaction();
    }

    private static RunEvent runEvent(StageId stage, RunFact fact) {
        boolean opensOrCloses = fact instanceof RunFact.StageRequested || fact instanceof RunFact.StageFinished;
        return new RunEvent(
                stage.run(),
                anyId(),
                Optional.of(stage),
                opensOrCloses ? Optional.of(1L) : Optional.empty(),
                Instant.now(),
                fact);
    }

    private static EventId anyId() {
        return EventId.of(UUID.randomUUID());
    }

    private void emptyQueue() throws InterruptedException, ExecutionException {
        List<TopicPartition> partitions = new ArrayList<>();
        for (int i = 0; i < TOPICS.requestPartitions(); i++) {
            partitions.add(new TopicPartition(Topic.BUILD_REQUESTS.topicName(), i));
        }
        var ends = admin.listOffsets(partitions.stream().collect(Collectors.toMap(it -> it, _ -> OffsetSpec.latest())))
                .all()
                .get();
        admin.deleteRecords(ends.entrySet().stream()
                        .collect(Collectors.toMap(
                                Map.Entry::getKey,
                                it -> RecordsToDelete.beforeOffset(it.getValue().offset()))))
                .all()
                .get();
    }

    @Override
    public void close() {
        coordinator.close();
        plain.close();
        reader.close();
        admin.close();
    }
}
