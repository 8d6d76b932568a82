package io.tailrace.events.stage;

import io.tailrace.events.id.Attempt;
import io.tailrace.events.id.EventId;
import io.tailrace.events.id.RunId;
import io.tailrace.events.id.StageId;
import io.tailrace.events.id.WorkerId;
import io.tailrace.events.log.EventHeaders;
import io.tailrace.events.log.StageKind;
import java.time.Instant;
import java.util.Optional;

/** A record of a topic that stages are executed in. */
public sealed interface StageEvent permits BuildEvent, TurnEvent {
    /** The Java record of the topic that has this kind's chapters. */
    static Class<? extends Record> recordOf(StageKind kind) {
        return switch (kind) {
            case BUILD -> BuildEvent.class;
            case TURN -> TurnEvent.class;
        };
    }

    /** The coordinator's record that ends a stage of this kind by force. */
    static StageEvent aborted(
            StageKind kind, EventId id, StageId stage, Instant occurredAt, StageFact.StageAborted payload) {
        return switch (kind) {
            case BUILD -> BuildEvent.aborted(id, stage, occurredAt, payload);
            case TURN -> TurnEvent.aborted(id, stage, occurredAt, payload);
        };
    }

    /** A tick of the clock of this kind's topic. */
    static StageEvent tick(StageKind kind, EventId id, Instant occurredAt, StageFact.Tick payload) {
        return switch (kind) {
            case BUILD -> BuildEvent.tick(id, occurredAt, payload);
            case TURN -> TurnEvent.tick(id, occurredAt, payload);
        };
    }

    /** The kind of its stage, or whose clock it is. */
    StageKind kind();

    /** Absent on ticks, which belong to a partition. */
    Optional<RunId> runId();

    EventId eventId();

    /** Absent on ticks. */
    Optional<StageId> stageId();

    /** Absent on records of the coordinator. */
    Optional<Attempt> attempt();

    /** Contiguous from 1 within the attempt; 0 without one. */
    long attemptSequence();

    /** Absent on records of the coordinator. */
    Optional<WorkerId> workerId();

    Instant occurredAt();

    StageFact payload();

    /** The headers that this record goes out with. */
    default EventHeaders headers() {
        return new EventHeaders(
                payload().type().wireName(),
                eventId(),
                payload().type().mark(),
                payload().count(),
                stageId(),
                attempt(),
                attemptSequence(),
                workerId(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }
}
