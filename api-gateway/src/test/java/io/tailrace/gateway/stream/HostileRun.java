package io.tailrace.gateway.stream;

import io.tailrace.events.fuzz.HostileRecords.Hostile;
import io.tailrace.events.id.Attempt;
import io.tailrace.events.id.EventId;
import io.tailrace.events.id.RunId;
import io.tailrace.events.id.StageId;
import io.tailrace.events.id.WorkerId;
import io.tailrace.events.id.WorkspaceId;
import io.tailrace.events.kafka.KafkaRecords;
import io.tailrace.events.log.ChapterRange;
import io.tailrace.events.log.EventHeaders;
import io.tailrace.events.log.Intake;
import io.tailrace.events.log.LogPosition;
import io.tailrace.events.log.Topic;
import io.tailrace.events.plan.BuildStep;
import io.tailrace.events.plan.Limits;
import io.tailrace.events.plan.Plan;
import io.tailrace.events.reading.Fence;
import io.tailrace.events.run.Outcome;
import io.tailrace.events.run.RunEvent;
import io.tailrace.events.run.RunFact;
import io.tailrace.events.run.RunStatus;
import io.tailrace.events.run.RunView;
import io.tailrace.gateway.testing.TestGateway;
import io.tailrace.runlog.KafkaLogUnderTest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * A run of three stages whose workers' topic is open to a liar. It keeps the spine that a coordinator would write over what
 * counts, and knows how many events every reader has to see. Not for two threads at once.
 */
final class HostileRun {
    private static final int STAGES = 3;
    private static final Instant TIME = Instant.parse("2026-11-21T10:00:00Z");
    private static final WorkspaceId WORKSPACE = new WorkspaceId("demo");
    private static final Plan PLAN =
            new Plan(List.of(new BuildStep(BuildStep.COMMANDS, Optional.of("hello"), List.of())));

    private final KafkaLogUnderTest log;
    private final KafkaProducer<byte[], byte[]> workers;
    private final Topic topic;
    private final String generated;
    private final RunId run = RunId.of(UUID.randomUUID());
    private final int partition = KafkaRecords.partitionOf(run, TestGateway.PARTITIONS);
    private RunView.NumberedSpot latest = new RunView.NumberedSpot(0, 0, 0);
    private Fence fence = Fence.OPEN;
    private long chapterFirst = -1;
    private long chapterLast = -1;
    private long firstOffset = -1;
    private long sequence;
    private int stage;
    private boolean open;

    /** @param generated the run id of generated records that are of this run */
    HostileRun(KafkaLogUnderTest log, KafkaProducer<byte[], byte[]> workers, Topic topic, String generated) {
        this.log = log;
        this.workers = workers;
        this.topic = topic;
        this.generated = generated;
        spine(
                new RunFact.RunCreated(
                        WORKSPACE, "build", Optional.empty(), PLAN, Limits.DEFAULT, Optional.empty(), "digest"),
                Optional.empty());
        spine(new RunFact.RunStarted(STAGES), Optional.empty());
        request();
        view(RunStatus.RUNNING);
    }

    RunId id() {
        return run;
    }

    /** Of the last event: every reader has seen so many, or was told that they are lost. */
    long sequence() {
        return sequence;
    }

    boolean isOpen() {
        return open;
    }

    private StageId stageId() {
        return StageId.of(run, stage);
    }

    private void request() {
        stage++;
        fence = Fence.OPEN;
        chapterFirst = -1;
        chapterLast = -1;
        LogPosition from = new LogPosition(topic, partition, log.end(topic, run));
        spine(
                new RunFact.StageRequested(stage, stage, BuildStep.COMMANDS, Attempt.FIRST, from),
                Optional.of(stageId()));
        open = true;
    }

    /** Writes it as one of this run, or of nobody. */
    void write(Hostile act) {
        ProducerRecord<byte[], byte[]> record = act.record();
        RecordHeaders headers = new RecordHeaders();
        for (Header header : record.headers()) {
            headers.add(header.key(), renamed(header.value()));
        }
        write(new ProducerRecord<>(topic.topicName(), partition, renamed(record.key()), record.value(), headers));
    }

    @SuppressWarnings("NullAway") // what others may write
    private byte[] renamed(byte[] text) {
        if (text == null || text.length > 100) {
            return text;
        }
        String named = new String(text, StandardCharsets.ISO_8859_1).replace(generated, run.value());
        return named.getBytes(StandardCharsets.ISO_8859_1);
    }

    private void write(ProducerRecord<byte[], byte[]> record) {
        long offset = send(
                new ProducerRecord<>(topic.topicName(), partition, record.key(), record.value(), record.headers()));
        if (open
                && KafkaRecords.intake(topic, record.key(), record.headers())
                        instanceof Intake.Event(RunId of, EventHeaders headers)
                && of.equals(run)
                && headers.stage().equals(Optional.of(stageId()))) {
            Fence.Judgment judgment = fence.judge(headers);
            fence = judgment.next();
            if (judgment.counts()) {
                sequence += headers.count();
                chapterFirst = chapterFirst < 0 ? offset : chapterFirst;
                chapterLast = offset;
            }
            if (fence.ended()) {
                finish();
            }
        }
    }

    /** The honest worker claims the stage anew, or goes on if it has it. */
    void honest(HonestWorker worker) {
        if (open) {
            int attempt = fence.holder().map(it -> it.attempt().value()).orElse(0);
            boolean holds = fence.holder().map(Fence.Holder::worker).equals(Optional.of(worker.id()));
            if (holds || attempt < EventHeaders.MAX_ATTEMPT) {
                write(worker.record(
                        stageId(), new Attempt(holds ? attempt : attempt + 1), holds ? fence.lastSequence() + 1 : 1));
            }
        }
    }

    /** The coordinator has counted events to the stage's end that the topic has lost: no reader will ever see them. */
    void loseTheEnd(int events) {
        if (open) {
            sequence += events;
            chapterLast = Math.max(chapterLast, log.end(topic, run)) + 1_000_000;
            chapterFirst = chapterFirst < 0 ? chapterLast : chapterFirst;
            finish();
        }
    }

    private void finish() {
        open = false;
        spine(
                new RunFact.StageFinished(
                        stage,
                        Attempt.FIRST,
                        Outcome.SUCCEEDED,
                        Optional.empty(),
                        Optional.empty(),
                        new ChapterRange(chapterFirst, chapterLast),
                        Optional.empty(),
                        Optional.empty(),
                        Duration.ZERO,
                        Duration.ZERO,
                        0,
                        0),
                Optional.of(stageId()));
        if (stage < STAGES) {
            request();
        }
    }

    /** Each stage that is left is ended by force, and then the run. */
    void end(HonestWorker worker) {
        while (open) {
            write(worker.abort(stageId()));
        }
        spine(
                new RunFact.RunCompleted(Outcome.SUCCEEDED, Optional.empty(), Duration.ZERO, 1, 1, 0, 0),
                Optional.empty());
        view(RunStatus.SUCCEEDED);
    }

    private void spine(RunFact fact, Optional<StageId> about) {
        sequence++;
        EventId id = EventId.of(UUID.randomUUID());
        long offset = log.append(new RunEvent(run, id, about, Optional.of(sequence), TIME, fact));
        firstOffset = firstOffset < 0 ? offset : firstOffset;
        latest = new RunView.NumberedSpot(offset, sequence, id.prefix());
    }

    private void view(RunStatus status) {
        log.publish(new RunView(
                run,
                WORKSPACE,
                "build",
                Optional.empty(),
                status,
                TIME,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                PLAN,
                Limits.DEFAULT,
                List.of(),
                "digest",
                partition,
                firstOffset,
                latest,
                latest.offset()));
    }

    private long send(ProducerRecord<byte[], byte[]> record) {
        try {
            return workers.send(record).get().offset();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Writes what a worker writes who keeps to the rules. */
    interface HonestWorker {
        WorkerId id();

        /** A claim if the attempt sequence is 1, else output. */
        ProducerRecord<byte[], byte[]> record(StageId stage, Attempt attempt, long attemptSequence);

        /** The coordinator's forced end. */
        ProducerRecord<byte[], byte[]> abort(StageId stage);
    }
}
