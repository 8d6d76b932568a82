package io.tailrace.events.kafka;

import io.tailrace.events.codec.EventCodec;
import io.tailrace.events.command.RunCommand;
import io.tailrace.events.definition.Definition;
import io.tailrace.events.id.RunId;
import io.tailrace.events.knowledge.RepositoryChange;
import io.tailrace.events.log.EventHeaders;
import io.tailrace.events.log.HeaderTexts;
import io.tailrace.events.log.Intake;
import io.tailrace.events.log.LogPosition;
import io.tailrace.events.log.LogRecord;
import io.tailrace.events.log.Topic;
import io.tailrace.events.run.RunEvent;
import io.tailrace.events.run.RunView;
import io.tailrace.events.stage.StageEvent;
import io.tailrace.events.work.KeptAnswer;
import io.tailrace.events.work.WorkRequest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/** Our records as the Kafka client takes and gives them: byte keys, byte values, text headers. Thread-safe. */
public final class KafkaRecords {
    private static final byte[] NO_VALUE = {};

    private final EventCodec codec;

    public KafkaRecords(EventCodec codec) {
        this.codec = codec;
    }

    /** The bytes that key a run's records. */
    public static byte[] key(RunId run) {
        return run.value().getBytes(StandardCharsets.UTF_8);
    }

    /** The partition of a run among so many: Kafka's default partitioning of the key. */
    public static int partitionOf(RunId run, int partitions) {
        return Utils.toPositive(Utils.murmur2(key(run))) % partitions;
    }

    /** A command, partitioned by its run. */
    public ProducerRecord<byte[], byte[]> command(RunCommand command) {
        return new ProducerRecord<>(
                Topic.RUN_COMMANDS.topicName(), key(command.runId()), codec.encode(Topic.RUN_COMMANDS, command));
    }

    /** A lifecycle fact, partitioned by its run. */
    public ProducerRecord<byte[], byte[]> runEvent(RunEvent event) {
        return new ProducerRecord<>(
                Topic.RUN_EVENTS.topicName(),
                null,
                key(event.runId()),
                codec.encode(Topic.RUN_EVENTS, event),
                headers(event.headers()));
    }

    /** A record of the topic of its kind of stage, for this partition. */
    public ProducerRecord<byte[], byte[]> stageEvent(int partition, StageEvent event) {
        Topic topic = event.kind().events();
        byte @Nullable [] key = event.runId().map(KafkaRecords::key).orElse(null);
        return new ProducerRecord<>(
                topic.topicName(), partition, key, codec.encode(topic, (Record) event), headers(event.headers()));
    }

    /** A request of the queue of its kind of stage. */
    public ProducerRecord<byte[], byte[]> request(WorkRequest request) {
        Topic topic = request.kind().requests();
        return new ProducerRecord<>(topic.topicName(), key(request.runId()), codec.encode(topic, (Record) request));
    }

    /** A run's current view. */
    public ProducerRecord<byte[], byte[]> runView(RunView view) {
        return new ProducerRecord<>(Topic.RUNS.topicName(), key(view.runId()), codec.encode(Topic.RUNS, view));
    }

    /** A named resource. */
    public ProducerRecord<byte[], byte[]> definition(Definition definition) {
        return new ProducerRecord<>(
                Topic.DEFINITIONS.topicName(),
                definition.key().getBytes(StandardCharsets.UTF_8),
                codec.encode(Topic.DEFINITIONS, definition));
    }

    /** A change of a repository's documents, in the partition of the repository's log among so many. */
    public ProducerRecord<byte[], byte[]> repositoryChange(RepositoryChange change, int partitions) {
        return new ProducerRecord<>(
                Topic.REPOSITORIES.topicName(),
                partitionOf(change.repository(), partitions),
                change.key().getBytes(StandardCharsets.UTF_8),
                codec.encode(Topic.REPOSITORIES, change));
    }

    /** Where the answer to a question lies. */
    public ProducerRecord<byte[], byte[]> keptAnswer(KeptAnswer answer) {
        return new ProducerRecord<>(
                Topic.ANSWERS.topicName(),
                answer.key().getBytes(StandardCharsets.UTF_8),
                codec.encode(Topic.ANSWERS, answer));
    }

    /** A chunk of a file, in the partition of the file's digest among so many. */
    public static ProducerRecord<byte[], byte[]> chunk(String digest, int chunk, byte[] bytes, int partitions) {
        return new ProducerRecord<>(
                Topic.ARTIFACTS.topicName(), partitionOf(digest, partitions), chunkKey(digest, chunk), bytes);
    }

    /** The bytes that key a chunk, counted from 0, of the file with this digest. */
    public static byte[] chunkKey(String digest, int chunk) {
        return (digest + "/" + chunk).getBytes(StandardCharsets.UTF_8);
    }

    /** The partition of a file's chunks, by its digest alone, or of a repository's log, by its name, among so many. */
    public static int partitionOf(String name, int partitions) {
        return Utils.toPositive(Utils.murmur2(name.getBytes(StandardCharsets.UTF_8))) % partitions;
    }

    /** Our headers as Kafka's. */
    public static Headers headers(EventHeaders headers) {
        RecordHeaders kafka = new RecordHeaders();
        headers.toMap().forEach((name, value) -> kafka.add(name, value.getBytes(StandardCharsets.UTF_8)));
        return kafka;
    }

    /** Kafka's headers as ours, or nothing if they are not ours. */
    public static Optional<EventHeaders> headers(Headers kafka) {
        return texts(kafka).headers();
    }

    private static HeaderTexts texts(Headers kafka) {
        HeaderTexts texts = new HeaderTexts();
        for (Header header : kafka) {
            texts.add(header.key(), header.value());
        }
        return texts;
    }

    /** What a record of an event topic is to everybody who reads it. */
    public static Intake intake(Topic topic, byte @Nullable [] key, Headers headers) {
        return Intake.of(topic, key, texts(headers));
    }

    /** Whether a record is keyed by this run. Cheaper than reading it. */
    public static boolean isKeyedBy(byte @Nullable [] key, byte[] runKey) {
        return key != null && Arrays.equals(key, runKey);
    }

    /** The headers of a record of an event topic, or nothing if it is no event of a run. */
    public static Optional<EventHeaders> eventHeaders(ConsumerRecord<byte[], byte[]> record) {
        return logRecord(record).map(LogRecord::headers);
    }

    /** A record of an event topic, or nothing if it is no event of a run. */
    public static Optional<LogRecord> logRecord(ConsumerRecord<byte[], byte[]> record) {
        Optional<Topic> topic = Topic.named(record.topic()).filter(Topic::holdsEvents);
        if (topic.isEmpty()) {
            return Optional.empty();
        }
        byte @Nullable [] value = record.value();
        return switch (intake(topic.get(), record.key(), record.headers())) {
            case Intake.Event event ->
                Optional.of(new LogRecord(
                        new LogPosition(topic.get(), record.partition(), record.offset()),
                        event.run(),
                        Instant.ofEpochMilli(record.timestamp()),
                        event.headers(),
                        value == null ? NO_VALUE : value));
            case Intake.Clock _, Intake.Foreign _ -> Optional.empty();
        };
    }
}
