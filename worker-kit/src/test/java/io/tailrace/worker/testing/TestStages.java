package io.tailrace.worker.testing;

import io.tailrace.events.codec.EventCodec;
import io.tailrace.events.codec.UndecodableRecord;
import io.tailrace.events.id.EventId;
import io.tailrace.events.kafka.KafkaRecords;
import io.tailrace.events.log.StageKind;
import io.tailrace.events.log.Topic;
import io.tailrace.events.run.Failure;
import io.tailrace.events.run.Outcome;
import io.tailrace.events.stage.BuildEvent;
import io.tailrace.events.stage.BuildFact;
import io.tailrace.events.stage.StageFact;
import io.tailrace.events.work.BuildRequest;
import io.tailrace.worker.attempt.AttemptId;
import io.tailrace.worker.stage.StageCodec;
import io.tailrace.worker.stage.StageRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** Build stages, as any kind of worker might define its own. */
public final class TestStages implements StageCodec<BuildRequest, BuildFact> {

    private final EventCodec codec = new EventCodec();
    private final KafkaRecords records = new KafkaRecords(codec);

    /** The end of a stage that went well. */
    public static BuildFact completed() {
        return new BuildFact.BuildCompleted(
                Outcome.SUCCEEDED,
                BuildFact.BuildReason.FORCE_REBUILD,
                Duration.ZERO,
                Optional.empty(),
                Optional.empty(),
                0,
                0,
                0);
    }

    @Override
    public StageKind kind() {
        return StageKind.BUILD;
    }

    @Override
    public StageRequest<BuildRequest> decode(byte @Nullable [] value) throws UndecodableRecord {
        BuildRequest request = codec.decode(Topic.BUILD_REQUESTS, BuildRequest.class, value);
        return new StageRequest<>(request.stageId(), request.attempt(), request.chapterFrom(), request);
    }

    @Override
    public ProducerRecord<byte[], byte[]> encode(
            int partition, AttemptId attempt, long sequence, EventId id, Instant occurredAt, BuildFact fact) {
        return records.stageEvent(
                partition,
                BuildEvent.ofAttempt(
                        id, attempt.stage(), attempt.attempt(), sequence, attempt.worker(), occurredAt, fact));
    }

    @Override
    public BuildFact started(BuildRequest work) {
        return new BuildFact.AttemptStarted(work.step().recipe());
    }

    @Override
    public BuildFact heartbeat() {
        return new StageFact.Heartbeat();
    }

    @Override
    public BuildFact released(String reason) {
        return new StageFact.AttemptReleased(reason);
    }

    @Override
    public EventCodec codec() {
        return codec;
    }

    @Override
    public Optional<Outcome> outcome(BuildFact fact) {
        return fact instanceof BuildFact.BuildCompleted completed ? Optional.of(completed.status()) : Optional.empty();
    }

    @Override
    public BuildFact failed(BuildRequest work, Failure failure) {
        return new BuildFact.BuildCompleted(
                Outcome.FAILED,
                BuildFact.BuildReason.DIRTY_OR_MISSING,
                Duration.ZERO,
                Optional.empty(),
                Optional.of(failure),
                0,
                0,
                0);
    }
}
