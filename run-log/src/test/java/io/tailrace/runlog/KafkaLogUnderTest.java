package io.tailrace.runlog;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tailrace.events.codec.EventCodec;
import io.tailrace.events.id.RunId;
import io.tailrace.events.kafka.KafkaRecords;
import io.tailrace.events.kafka.TopicSettings;
import io.tailrace.events.kafka.Topics;
import io.tailrace.events.log.EventHeaders;
import io.tailrace.events.log.Topic;
import io.tailrace.events.run.RunEvent;
import io.tailrace.events.run.RunView;
import io.tailrace.events.stage.BuildEvent;
import io.tailrace.events.stage.TurnEvent;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Topics on a broker, written like coordinator and workers write them, and the port that reads them. */
public final class KafkaLogUnderTest implements LogUnderTest {
    /** Of every topic that is keyed by run. */
    public static final int PARTITIONS = 12;

    static final RunLogLimits SMALL = new RunLogLimits(64 << 10, 256 << 10, 1 << 20, 1 << 20, 4, Duration.ofSeconds(1));

    private final EventCodec codec = new EventCodec();
    private final KafkaRecords records = new KafkaRecords(codec);
    private final MeterRegistry registry = new SimpleMeterRegistry();
    private final Admin admin;
    private final KafkaProducer<byte[], byte[]> coordinator;
    private final KafkaProducer<byte[], byte[]> worker;
    private final String servers;
    private final KafkaRunLog log;
    private volatile long epoch;

    /** On this broker, with rings so small that readers fall out of them. */
    public static KafkaLogUnderTest on(String servers) {
        return new KafkaLogUnderTest(servers, SMALL);
    }

    KafkaLogUnderTest(String servers, RunLogLimits limits) {
        this.servers = servers;
        admin = Admin.create(client("test-admin"));
        makeTopics();
        Map<String, Object> transactions = client("test-coordinator");
        transactions.put(
                ProducerConfig.TRANSACTIONAL_ID_CONFIG, UUID.randomUUID().toString());
        coordinator = producer(transactions);
        coordinator.initTransactions();
        Map<String, Object> plain = client("test-worker");
        plain.put(ProducerConfig.LINGER_MS_CONFIG, "0");
        worker = producer(plain);
        log = new KafkaRunLog(
                "gateway",
                new Access(),
                limits,
                new UnreadableRecords(registry, "gateway"),
                registry,
                Clock.systemUTC());
        log.start();
    }

    /** The test's own admin client, and the epoch that it says. */
    private final class Access implements LogAccess {
        @Override
        public OptionalLong epoch() {
            return OptionalLong.of(epoch);
        }

        @Override
        public Optional<Admin> admin() {
            return Optional.of(admin);
        }

        @Override
        public Consumer<byte[], byte[]> consumer(String purpose, Map<String, Object> own) {
            Map<String, Object> config = client("test-" + purpose);
            config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
            config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
            config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
            config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
            config.putAll(own);
            return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        }
    }

    /** Like a gateway's: a broker that comes back is found soon. */
    private Map<String, Object> client(String clientId) {
        Map<String, Object> client = new HashMap<>();
        client.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, servers);
        client.put(CommonClientConfigs.CLIENT_ID_CONFIG, clientId);
        client.put(CommonClientConfigs.RECONNECT_BACKOFF_MS_CONFIG, "100");
        client.put(CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG, "500");
        client.put(CommonClientConfigs.ENABLE_METRICS_PUSH_CONFIG, "false");
        return client;
    }

    private static KafkaProducer<byte[], byte[]> producer(Map<String, Object> config) {
        return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private void makeTopics() {
        try {
            Topics.ensure(admin, new TopicSettings(PARTITIONS, 1, 1, Duration.ofDays(30)));
            epoch = Topics.epoch(admin);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Deletes the event topics and makes them again. The port is told as a gateway would be: a moment later. */
    void recreate() throws Exception {
        var names = java.util.Arrays.stream(Topic.values())
                .filter(Topic::holdsEvents)
                .map(Topic::topicName)
                .toList();
        admin.deleteTopics(names).all().get(30, TimeUnit.SECONDS);
        org.awaitility.Awaitility.await()
                .atMost(Reader.BOUND)
                .until(() -> admin.listTopics().names().get(30, TimeUnit.SECONDS).stream()
                        .noneMatch(names::contains));
        org.awaitility.Awaitility.await()
                .atMost(Reader.BOUND)
                .ignoreExceptions()
                .until(() -> {
                    admin.createTopics(names.stream()
                                    .map(it -> new org.apache.kafka.clients.admin.NewTopic(it, PARTITIONS, (short) 1))
                                    .toList())
                            .all()
                            .get(30, TimeUnit.SECONDS);
                    return true;
                });
        // What was just created is not known to every question at once.
        epoch = org.awaitility.Awaitility.await()
                .atMost(Reader.BOUND)
                .ignoreExceptions()
                .until(() -> Topics.epoch(admin), _ -> true);
    }

    LogMeters meters() {
        return log.meters();
    }

    MeterRegistry registry() {
        return registry;
    }

    @Override
    public RunLog log() {
        return log;
    }

    @Override
    public int partition(RunId run) {
        return KafkaRecords.partitionOf(run, PARTITIONS);
    }

    @Override
    public long append(RunEvent event) {
        coordinator.beginTransaction();
        long offset = send(coordinator, records.runEvent(event));
        coordinator.commitTransaction();
        awaitCommitted(partition(Topic.RUN_EVENTS, event.runId()), offset);
        return offset;
    }

    /** A commit is answered when it is certain, and readers see it a moment later. */
    private void awaitCommitted(TopicPartition partition, long offset) {
        org.awaitility.Awaitility.await()
                .atMost(Reader.BOUND)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> admin.listOffsets(
                                        Map.of(partition, OffsetSpec.latest()),
                                        new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                                .partitionResult(partition)
                                .get(30, TimeUnit.SECONDS)
                                .offset()
                        > offset);
    }

    @Override
    public long append(BuildEvent event) {
        return send(worker, records.stageEvent(partition(event.runId().orElseThrow()), event));
    }

    @Override
    public long append(TurnEvent event) {
        return send(worker, records.stageEvent(partition(event.runId().orElseThrow()), event));
    }

    @Override
    public long append(Topic topic, RunId run, EventHeaders headers, byte @Nullable [] value) {
        return send(
                worker,
                new ProducerRecord<>(
                        topic.topicName(),
                        partition(run),
                        KafkaRecords.key(run),
                        value,
                        KafkaRecords.headers(headers)));
    }

    /** Puts what the read model has of a run into the catalogue's topic. */
    public void publish(RunView view) {
        send(worker, records.runView(view));
    }

    @Override
    public void appendSoon(BuildEvent event) {
        var _ = worker.send(records.stageEvent(partition(event.runId().orElseThrow()), event));
    }

    private static long send(KafkaProducer<byte[], byte[]> producer, ProducerRecord<byte[], byte[]> record) {
        try {
            return producer.send(record).get(30, TimeUnit.SECONDS).offset();
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void trim(Topic topic, RunId run, long offset) {
        try {
            admin.deleteRecords(Map.of(partition(topic, run), RecordsToDelete.beforeOffset(offset)))
                    .all()
                    .get(30, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public long end(Topic topic, RunId run) {
        try {
            return admin.listOffsets(
                            Map.of(partition(topic, run), OffsetSpec.latest()),
                            new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED))
                    .partitionResult(partition(topic, run))
                    .get(30, TimeUnit.SECONDS)
                    .offset();
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    private TopicPartition partition(Topic topic, RunId run) {
        return new TopicPartition(topic.topicName(), partition(run));
    }

    @Override
    public long epoch() {
        return epoch;
    }

    @Override
    public void close() {
        log.close();
        coordinator.close(Duration.ofSeconds(1));
        worker.close(Duration.ofSeconds(1));
        admin.close(Duration.ofSeconds(1));
    }
}
