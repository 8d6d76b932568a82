package io.tailrace.events.stage;

import io.tailrace.events.id.AvroName;
import io.tailrace.events.log.EventType;
import io.tailrace.events.run.Outcome;

/**
 * What happened inside a stage: the payload of a record of the topic that its kind is executed in. Facts that every kind of
 * stage has are written here once and are members of each kind's facts; in schemas they have the namespace of the kind.
 */
@AvroName(namespace = AvroName.OF_UNION)
public sealed interface StageFact permits BuildFact, TurnFact, StageFact.Frame, StageFact.Packed {

    /** The fact's type. */
    EventType type();

    /** How many events of the run's order it makes. */
    default int count() {
        return 1;
    }

    /** Says who works at the stage and whether it still goes on; nothing of the work. */
    sealed interface Frame extends StageFact permits Claim, OfEveryKind {}

    /** A worker claims the stage as the attempt of its envelope; it holds it if nobody was first. */
    sealed interface Claim extends Frame permits BuildFact.AttemptStarted, TurnFact.AttemptStarted {}

    /** Is the same in the facts of every kind of stage. */
    sealed interface OfEveryKind extends Frame, BuildFact, TurnFact
            permits AttemptReleased, StageAborted, Heartbeat, Tick {}

    /** A window of many events, each of which is an event of its own in the order. */
    sealed interface Packed extends StageFact permits BuildFact.ConsoleLines, TurnFact.ModelDelta {
        @Override
        int count();
    }

    /** The holder gives the stage back, to be dispatched again at once. */
    record AttemptReleased(String reason) implements OfEveryKind {
        @Override
        public EventType type() {
            return EventType.ATTEMPT_RELEASED;
        }
    }

    /** Why the coordinator ended a stage by force. */
    @AvroName(namespace = "io.tailrace.events.build")
    enum AbortReason {
        /** Canceled before a worker had taken it. */
        CANCELED_IN_QUEUE,
        /** Canceled, and its holder did not obey in time. */
        CANCEL_UNHEEDED,
        QUEUE_DEADLINE,
        STAGE_DEADLINE,
        WALL_CLOCK,
        ATTEMPTS_EXHAUSTED
    }

    /** The coordinator ended the stage, whoever held it. */
    record StageAborted(AbortReason reason, Outcome outcome, String message) implements OfEveryKind {
        @Override
        public EventType type() {
            return EventType.STAGE_ABORTED;
        }
    }

    /** The holder is alive and had nothing else to say. */
    record Heartbeat() implements OfEveryKind {
        @Override
        public EventType type() {
            return EventType.HEARTBEAT;
        }

        @Override
        public int count() {
            return 0;
        }
    }

    /** A partition's clock, appended by the coordinator: belongs to no run. */
    record Tick(String coordinator) implements OfEveryKind {
        @Override
        public EventType type() {
            return EventType.TICK;
        }

        @Override
        public int count() {
            return 0;
        }
    }
}
