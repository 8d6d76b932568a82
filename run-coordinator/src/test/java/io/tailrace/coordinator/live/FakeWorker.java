package io.tailrace.coordinator.live;

import static org.awaitility.Awaitility.await;

import io.tailrace.events.id.Attempt;
import io.tailrace.events.id.EventId;
import io.tailrace.events.id.StageId;
import io.tailrace.events.id.WorkerId;
import io.tailrace.events.kafka.KafkaRecords;
import io.tailrace.events.log.LogPosition;
import io.tailrace.events.log.StageKind;
import io.tailrace.events.log.Topic;
import io.tailrace.events.run.Outcome;
import io.tailrace.events.run.Usage;
import io.tailrace.events.stage.AssistantMessage;
import io.tailrace.events.stage.BuildEvent;
import io.tailrace.events.stage.BuildFact;
import io.tailrace.events.stage.StageFact;
import io.tailrace.events.stage.TurnEvent;
import io.tailrace.events.stage.TurnFact;
import io.tailrace.events.work.BuildRequest;
import io.tailrace.events.work.TurnRequest;
import io.tailrace.events.work.WorkRequest;
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
    record ReceivedRequest(WorkRequest request, long nanos) {
        StageId stage() {
            return request.stageId();
        }
    }

    private final LiveLog log;
    private final int partitions;
    private final List<ReceivedRequest> requests = new CopyOnWriteArrayList<>();
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
            consumer.subscribe(
                    StageKind.requestTopics().stream().map(Topic::topicName).toList());
            while (!closed) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(10))) {
                    long now = System.nanoTime();
                    requests.add(new ReceivedRequest(decode(record), now));
                    consumer.acknowledge(record, AcknowledgeType.ACCEPT);
                    consumer.commitSync();
                }
            }
        }
    }

    private WorkRequest decode(ConsumerRecord<byte[], byte[]> record) {
        return record.topic().equals(Topic.TURN_REQUESTS.topicName())
                ? log.decode(Topic.TURN_REQUESTS, TurnRequest.class, record.value())
                : log.decode(Topic.BUILD_REQUESTS, BuildRequest.class, record.value());
    }

    List<BuildRequest> requests(StageId stage) {
        return requests(stage, BuildRequest.class);
    }

    private <R extends WorkRequest> List<R> requests(StageId stage, Class<R> type) {
        return requests.stream()
                .filter(it -> it.stage().equals(stage))
                .map(ReceivedRequest::request)
                .map(type::cast)
                .toList();
    }

    /** The first request for a turn of this stage. */
    TurnRequest awaitTurn(StageId stage) {
        await().atMost(LiveLog.PATIENCE)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> !requests(stage, TurnRequest.class).isEmpty());
        return requests(stage, TurnRequest.class).getFirst();
    }

    List<ReceivedRequest> taken() {
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

    /** Answers a turn as a turn-worker does; the position of its last record. */
    LogPosition answer(TurnRequest request, String worker, String text) {
        TurnFact.TurnContent content = new TurnFact.TurnContent(
                request.turnId(),
                "Hello",
                new AssistantMessage(text, Optional.empty(), List.of()),
                "scripted",
                "echo",
                Usage.NONE,
                Duration.ZERO,
                Optional.empty(),
                Optional.empty());
        List<TurnFact> facts = List.of(
                new TurnFact.AttemptStarted(request.turnId()),
                new TurnFact.TurnStarted(request.turnId(), "Hello", "scripted", "echo", Optional.empty()),
                new TurnFact.TurnCompleted(content, TurnFact.FinishReason.STOP));
        int partition = KafkaRecords.partitionOf(request.runId(), partitions);
        long offset = 0;
        for (int i = 0; i < facts.size(); i++) {
            offset = log.send(log.records.stageEvent(
                            partition,
                            TurnEvent.ofAttempt(
                                    EventId.of(UUID.randomUUID()),
                                    request.stageId(),
                                    request.attempt(),
                                    i + 1L,
                                    new WorkerId(worker),
                                    Instant.now(),
                                    facts.get(i))))
                    .offset();
        }
        return new LogPosition(Topic.TURN_EVENTS, partition, offset);
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
            log.send(log.records.stageEvent(KafkaRecords.partitionOf(stage.run(), partitions), event(fact)));
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
            log.sendAndForget(log.records.stageEvent(KafkaRecords.partitionOf(stage.run(), partitions), event));
        }

        void heartbeat() {
            write(new StageFact.Heartbeat());
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
