package io.tailrace.coordinator.live;

import static org.awaitility.Awaitility.await;

import io.tailrace.events.build.BuildEvent;
import io.tailrace.events.build.BuildFact;
import io.tailrace.events.id.Attempt;
import io.tailrace.events.id.EventId;
import io.tailrace.events.id.StageId;
import io.tailrace.events.id.WorkerId;
import io.tailrace.events.kafka.KafkaRecords;
import io.tailrace.events.log.Topic;
import io.tailrace.events.run.Outcome;
import io.tailrace.events.work.BuildRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Takes all work requests through a read_committed share group, and writes as attempts what a test tells it to. */
final class FakeWorker implements AutoCloseable {
    static final String GROUP = "test-build-workers";

    /** A request, and when it was taken, in this JVM's nanoseconds. */
    record Taken(BuildRequest request, long nanos) {}

    private final LiveLog log;
    private final int partitions;
    private final List<Taken> requests = new CopyOnWriteArrayList<>();
    private final Thread thread;
    private volatile boolean closed;

    FakeWorker(LiveLog log, int partitions) {
        this.log = log;
        this.partitions = partitions;
        thread = Thread.ofPlatform().name("fake-worker").start(this::take);
    }

    private void take() {
        try (KafkaShareConsumer<byte[], byte[]> consumer = new KafkaShareConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        log.servers,
                        "group.id",
                        GROUP,
                        "share.acknowledgement.mode",
                        "explicit",
                        "share.acquire.mode",
                        "record_limit",
                        "max.poll.records",
                        "2"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.subscribe(List.of(Topic.BUILD_REQUESTS.topicName()));
            while (!closed) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(10))) {
                    long now = System.nanoTime();
                    requests.add(new Taken(log.decode(Topic.BUILD_REQUESTS, BuildRequest.class, record.value()), now));
                    consumer.acknowledge(record, AcknowledgeType.ACCEPT);
                    consumer.commitSync();
                }
            }
        }
    }

    List<BuildRequest> requests(StageId stage) {
        return requests.stream()
                .map(Taken::request)
                .filter(it -> it.stageId().equals(stage))
                .toList();
    }

    List<Taken> taken() {
        return List.copyOf(requests);
    }

    BuildRequest awaitRequest(StageId stage, int attempt) {
        await().atMost(LiveLog.PATIENCE)
                .pollInterval(Duration.ofMillis(10))
                .until(() ->
                        requests(stage).stream().anyMatch(it -> it.attempt().value() == attempt));
        return requests(stage).stream()
                .filter(it -> it.attempt().value() == attempt)
                .findFirst()
                .orElseThrow();
    }

    /** Claims the stage. */
    Holder claim(StageId stage, int attempt, String worker) {
        Holder holder = new Holder(stage, new Attempt(attempt), new WorkerId(worker));
        holder.write(new BuildFact.AttemptStarted("commands"));
        return holder;
    }

    /** One worker's attempt. */
    final class Holder {
        private final StageId stage;
        private final Attempt attempt;
        private final WorkerId worker;
        private long sequence;

        private Holder(StageId stage, Attempt attempt, WorkerId worker) {
            this.stage = stage;
            this.attempt = attempt;
            this.worker = worker;
        }

        void write(BuildFact fact) {
            log.send(log.records.buildEvent(KafkaRecords.partitionOf(stage.run(), partitions), event(fact)));
        }

        private BuildEvent event(BuildFact fact) {
            return BuildEvent.ofAttempt(
                    EventId.of(UUID.randomUUID()), stage, attempt, ++sequence, worker, Instant.now(), fact);
        }

        void lines(int count) {
            write(new BuildFact.ConsoleLines(
                    "build",
                    Optional.of("make"),
                    Collections.nCopies(
                            count,
                            new BuildFact.ConsoleLine(
                                    BuildFact.ConsoleStream.STDOUT, BuildFact.LineEnd.NEWLINE, "hello"))));
        }

        /** A full window of output, without waiting for the log but for a full buffer. */
        void flood(int lines) {
            List<BuildFact.ConsoleLine> window = Collections.nCopies(
                    lines,
                    new BuildFact.ConsoleLine(
                            BuildFact.ConsoleStream.STDOUT, BuildFact.LineEnd.NEWLINE, "x".repeat(64 * 1024 / lines)));
            BuildEvent event = event(new BuildFact.ConsoleLines("build", Optional.of("make"), window));
            log.sendAndForget(log.records.buildEvent(KafkaRecords.partitionOf(stage.run(), partitions), event));
        }

        void heartbeat() {
            write(new BuildFact.Heartbeat());
        }

        void complete(Outcome outcome) {
            write(new BuildFact.BuildCompleted(
                    outcome,
                    BuildFact.BuildReason.FORCE_REBUILD,
                    Duration.ofMillis(1),
                    Optional.of(0),
                    Optional.empty(),
                    1,
                    1,
                    1));
        }
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
