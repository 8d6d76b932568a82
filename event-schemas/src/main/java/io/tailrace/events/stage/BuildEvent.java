package io.tailrace.events.stage;

import io.tailrace.events.id.Attempt;
import io.tailrace.events.id.AvroName;
import io.tailrace.events.id.EventId;
import io.tailrace.events.id.RunId;
import io.tailrace.events.id.StageId;
import io.tailrace.events.id.WorkerId;
import io.tailrace.events.log.StageKind;
import java.time.Instant;
import java.util.Optional;

/**
 * A record of build-events.
 *
 * @param runId absent on ticks, which belong to a partition
 * @param attempt absent on records of the coordinator
 * @param attemptSequence contiguous from 1 within the attempt; 0 without one
 */
@AvroName(namespace = "io.tailrace.events.build")
public record BuildEvent(
        Optional<RunId> runId,
        EventId eventId,
        Optional<StageId> stageId,
        Optional<Attempt> attempt,
        long attemptSequence,
        Optional<WorkerId> workerId,
        Instant occurredAt,
        BuildFact payload)
        implements StageEvent {

    /** A record that an attempt writes. */
    public static BuildEvent ofAttempt(
            EventId eventId,
            StageId stage,
            Attempt attempt,
            long attemptSequence,
            WorkerId worker,
            Instant occurredAt,
            BuildFact payload) {
        return new BuildEvent(
                Optional.of(stage.run()),
                eventId,
                Optional.of(stage),
                Optional.of(attempt),
                attemptSequence,
                Optional.of(worker),
                occurredAt,
                payload);
    }

    /** The coordinator's record that ends a stage by force. */
    public static BuildEvent aborted(
            EventId eventId, StageId stage, Instant occurredAt, StageFact.StageAborted payload) {
        return new BuildEvent(
                Optional.of(stage.run()),
                eventId,
                Optional.of(stage),
                Optional.empty(),
                0,
                Optional.empty(),
                occurredAt,
                payload);
    }

    /** A partition's clock. */
    public static BuildEvent tick(EventId eventId, Instant occurredAt, StageFact.Tick payload) {
        return new BuildEvent(
                Optional.empty(),
                eventId,
                Optional.empty(),
                Optional.empty(),
                0,
                Optional.empty(),
                occurredAt,
                payload);
    }

    @Override
    public StageKind kind() {
        return StageKind.BUILD;
    }
}
