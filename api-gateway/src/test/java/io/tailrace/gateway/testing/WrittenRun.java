package io.tailrace.gateway.testing;

import io.tailrace.events.codec.EventCodec;
import io.tailrace.events.id.Attempt;
import io.tailrace.events.id.EventId;
import io.tailrace.events.id.RunId;
import io.tailrace.events.id.StageId;
import io.tailrace.events.id.WorkerId;
import io.tailrace.events.id.WorkspaceId;
import io.tailrace.events.kafka.KafkaRecords;
import io.tailrace.events.log.ChapterRange;
import io.tailrace.events.log.LogPosition;
import io.tailrace.events.log.Topic;
import io.tailrace.events.plan.BuildStep;
import io.tailrace.events.plan.Limits;
import io.tailrace.events.plan.Plan;
import io.tailrace.events.run.Outcome;
import io.tailrace.events.run.RunEvent;
import io.tailrace.events.run.RunFact;
import io.tailrace.events.run.RunStatus;
import io.tailrace.events.run.RunView;
import io.tailrace.events.stage.BuildEvent;
import io.tailrace.events.stage.BuildFact;
import io.tailrace.events.stage.StageFact;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A run of one build as coordinator and worker would write it, written by a test: its spine, its chapter and its views.
 * Not for two threads at once.
 */
public final class WrittenRun implements AutoCloseable {
    private static final Instant BEGIN = Instant.parse("2026-11-21T10:00:00Z");
    private static final WorkspaceId WORKSPACE = new WorkspaceId("demo");
    private static final Plan COMMANDS =
            new Plan(List.of(new BuildStep(BuildStep.COMMANDS, Optional.of("hello"), List.of())));

    private final RunId run = RunId.of(UUID.randomUUID());
    private final StageId stage = StageId.of(run, 1);
    private final Plan plan;
    private final int partition;
    private final KafkaRecords records = new KafkaRecords(new EventCodec());
    private final KafkaProducer<byte[], byte[]> producer;
    private long spineFirst = -1;
    private RunView.NumberedSpot numbered = new RunView.NumberedSpot(0, 0, 0);
    private long chapterFirst = -1;
    private long chapterLast = -1;
    private long attemptSequence;
    private long events;

    public WrittenRun(String bootstrapServers, int partitions) {
        this(bootstrapServers, partitions, COMMANDS);
    }

    /** A run of one stage, whatever its plan says about it. */
    public WrittenRun(String bootstrapServers, int partitions, Plan plan) {
        this.plan = plan;
        this.partition = KafkaRecords.partitionOf(run, partitions);
        this.producer = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers,
                        ProducerConfig.LINGER_MS_CONFIG, "0",
                        ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    public RunId id() {
        return run;
    }

    /** How many events it has by now. */
    public long events() {
        return events;
    }

    /** Created, started, its stage requested: three events. And the view that says so. */
    public WrittenRun begin() {
        RecordMetadata tick =
                send(records.stageEvent(partition, BuildEvent.tick(event(), BEGIN, new StageFact.Tick("test"))));
        spine(
                new RunFact.RunCreated(
                        WORKSPACE, "build", Optional.empty(), plan, Limits.DEFAULT, Optional.empty(), "digest"),
                Optional.empty());
        spine(new RunFact.RunStarted(1), Optional.empty());
        spine(
                new RunFact.StageRequested(
                        1,
                        1,
                        BuildStep.COMMANDS,
                        Attempt.FIRST,
                        new LogPosition(Topic.BUILD_EVENTS, partition, tick.offset() + 1)),
                Optional.of(stage));
        view(RunStatus.RUNNING);
        return this;
    }

    /** The claim, and a phase that begins: four events. */
    public WrittenRun phase() {
        fact(new BuildFact.AttemptStarted(BuildStep.COMMANDS));
        fact(new BuildFact.BuildCreated(
                BuildStep.COMMANDS,
                Optional.of("hello"),
                BuildFact.BuildReason.DIRTY_OR_MISSING,
                true,
                List.of(new BuildFact.PlannedPhase("greet", "Greet"))));
        fact(new BuildFact.BuildStarted(BuildFact.BuildReason.DIRTY_OR_MISSING));
        fact(new BuildFact.BuildPhaseStarted("greet", "Greet", 1, 1, List.of("echo"), Duration.ofMinutes(1)));
        return this;
    }

    /** Windows of output, each with so many lines of this text. */
    public WrittenRun output(int windows, int linesEach, String text) {
        BuildFact.ConsoleLine line =
                new BuildFact.ConsoleLine(BuildFact.ConsoleStream.STDOUT, BuildFact.LineEnd.NEWLINE, text);
        Future<RecordMetadata> last = null;
        for (int i = 0; i < windows; i++) {
            last = write(
                    new BuildFact.ConsoleLines("build", Optional.of("greet"), Collections.nCopies(linesEach, line)));
        }
        if (last != null) {
            chapterLast = await(last).offset();
        }
        return this;
    }

    /** The phase and the build end, and so does the run: four events. And the view that says so. */
    public WrittenRun end() {
        fact(new BuildFact.BuildPhaseCompleted(
                "greet", BuildFact.PhaseStatus.SUCCEEDED, Duration.ofSeconds(1), Optional.of(0), Optional.empty()));
        fact(new BuildFact.BuildCompleted(
                Outcome.SUCCEEDED,
                BuildFact.BuildReason.DIRTY_OR_MISSING,
                Duration.ofSeconds(1),
                Optional.of(0),
                Optional.empty(),
                1,
                events,
                events));
        spine(
                new RunFact.StageFinished(
                        1,
                        Attempt.FIRST,
                        Outcome.SUCCEEDED,
                        Optional.empty(),
                        Optional.of(0),
                        new ChapterRange(chapterFirst, chapterLast),
                        Optional.of(worker()),
                        Optional.of(BEGIN),
                        Duration.ZERO,
                        Duration.ofSeconds(1),
                        events - 3,
                        0),
                Optional.of(stage));
        spine(
                new RunFact.RunCompleted(
                        Outcome.SUCCEEDED, Optional.empty(), Duration.ofSeconds(1), 1, 1, events + 1, 0),
                Optional.empty());
        view(RunStatus.SUCCEEDED);
        return this;
    }

    private static WorkerId worker() {
        return new WorkerId("test-worker");
    }

    private static EventId event() {
        return EventId.of(UUID.randomUUID());
    }

    private void fact(BuildFact fact) {
        RecordMetadata written = await(write(fact));
        chapterFirst = chapterFirst < 0 ? written.offset() : chapterFirst;
        chapterLast = written.offset();
    }

    private Future<RecordMetadata> write(BuildFact fact) {
        attemptSequence++;
        events += fact.count();
        return producer.send(records.stageEvent(
                partition,
                BuildEvent.ofAttempt(event(), stage, Attempt.FIRST, attemptSequence, worker(), BEGIN, fact)));
    }

    private void spine(RunFact fact, Optional<StageId> about) {
        events++;
        EventId id = event();
        RecordMetadata written = send(records.runEvent(new RunEvent(run, id, about, Optional.of(events), BEGIN, fact)));
        spineFirst = spineFirst < 0 ? written.offset() : spineFirst;
        numbered = new RunView.NumberedSpot(written.offset(), events, id.prefix());
    }

    private void view(RunStatus status) {
        boolean ended = status.isFinal();
        send(records.runView(new RunView(
                run,
                WORKSPACE,
                "build",
                Optional.empty(),
                status,
                BEGIN,
                Optional.of(BEGIN),
                ended ? Optional.of(BEGIN.plusSeconds(1)) : Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                plan,
                Limits.DEFAULT,
                List.of(),
                "digest",
                partition,
                spineFirst,
                numbered,
                numbered.offset())));
    }

    private RecordMetadata send(ProducerRecord<byte[], byte[]> record) {
        return await(producer.send(record));
    }

    private static RecordMetadata await(Future<RecordMetadata> sent) {
        try {
            return sent.get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException("cannot write a run", e);
        }
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(1));
    }
}
