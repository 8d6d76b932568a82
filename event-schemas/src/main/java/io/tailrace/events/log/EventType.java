package io.tailrace.events.log;

import io.tailrace.events.id.WireName;
import java.util.Optional;

/** The event types of this release, by their names on the wire. */
public enum EventType implements WireName {
    RUN_CREATED("run.created", Mark.NONE),
    RUN_STARTED("run.started", Mark.NONE),
    STAGE_REQUESTED("stage.requested", Mark.CHAPTER_OPEN),
    STAGE_REDISPATCHED("stage.redispatched", Mark.NONE),
    STAGE_FINISHED("stage.finished", Mark.CHAPTER_CLOSE),
    RUN_CANCEL_REQUESTED("run.cancel.requested", Mark.NONE),
    RUN_CLOSE_REQUESTED("run.close.requested", Mark.NONE),
    TURN_SUBMITTED("turn.submitted", Mark.NONE),
    TURN_REJECTED("turn.rejected", Mark.NONE),
    TURN_CANCEL_REQUESTED("turn.cancel.requested", Mark.NONE),
    RUN_PROGRESS("run.progress", Mark.NONE),
    RUN_COMPLETED("run.completed", Mark.RUN_END),
    ATTEMPT_STARTED("attempt.started", Mark.CLAIM),
    ATTEMPT_RELEASED("attempt.released", Mark.NONE),
    STAGE_ABORTED("stage.aborted", Mark.ABORT),
    HEARTBEAT("heartbeat", Mark.NONE),
    TICK("tick", Mark.NONE),
    BUILD_CREATED("build.created", Mark.NONE),
    BUILD_STARTED("build.started", Mark.NONE),
    BUILD_PHASE_STARTED("build.phase.started", Mark.NONE),
    BUILD_PHASE_COMPLETED("build.phase.completed", Mark.NONE),
    CONSOLE_LINES("console.lines", Mark.NONE),
    BUILD_COMPLETED("build.completed", Mark.TERMINAL),
    TURN_STARTED("turn.started", Mark.NONE),
    CONTEXT_BUILT("context.built", Mark.NONE),
    CONTEXT_COMPACTED("context.compacted", Mark.NONE),
    MODEL_DELTA("model.delta", Mark.NONE),
    TURN_CHECKPOINTED("turn.checkpointed", Mark.NONE),
    TURN_USAGE("turn.usage", Mark.NONE),
    TURN_COMPLETED("turn.completed", Mark.TERMINAL),
    TURN_FAILED("turn.failed", Mark.TERMINAL);

    private final String wireName;
    private final Mark mark;

    EventType(String wireName, Mark mark) {
        this.wireName = wireName;
        this.mark = mark;
    }

    @Override
    public String wireName() {
        return wireName;
    }

    /** What records of this type mean for order and fencing. */
    public Mark mark() {
        return mark;
    }

    /** The type with this wire name, if this release knows it. */
    public static Optional<EventType> named(String wireName) {
        for (EventType type : values()) {
            if (type.wireName.equals(wireName)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }
}
