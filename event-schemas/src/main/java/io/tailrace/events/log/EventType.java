package io.tailrace.events.log;

import io.tailrace.events.id.WireName;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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
    TOOL_APPROVAL_REQUESTED("tool.approval.requested", Mark.NONE),
    TOOL_APPROVAL_DECIDED("tool.approval.decided", Mark.NONE),
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
    CONSOLE_LINES("console.lines", "console.line"),
    BUILD_COMPLETED("build.completed", Mark.TERMINAL),
    TURN_STARTED("turn.started", Mark.NONE),
    TURN_CONTINUED("turn.continued", Mark.NONE),
    CONTEXT_BUILT("context.built", Mark.NONE),
    CONTEXT_COMPACTED("context.compacted", Mark.NONE),
    ANSWER_REUSED("answer.reused", Mark.NONE),
    VARIABLES_SUBSTITUTED("variables.substituted", Mark.NONE),
    KNOWLEDGE_RETRIEVAL_STARTED("knowledge.retrieval.started", Mark.NONE),
    KNOWLEDGE_RETRIEVED("knowledge.retrieved", Mark.NONE),
    TOOL_CALLS_REQUESTED("tool.calls.requested", Mark.NONE),
    TOOL_EXECUTION_STARTED("tool.execution.started", Mark.NONE),
    TOOL_EXECUTION_COMPLETED("tool.execution.completed", Mark.NONE),
    MODEL_DELTA("model.delta", "model.delta"),
    TURN_CHECKPOINTED("turn.checkpointed", Mark.NONE),
    TURN_USAGE("turn.usage", Mark.NONE),
    TURN_PAUSED("turn.paused", Mark.TERMINAL),
    TURN_COMPLETED("turn.completed", Mark.TERMINAL),
    TURN_FAILED("turn.failed", Mark.TERMINAL);

    private static final Map<String, EventType> BY_NAME =
            Stream.of(values()).collect(Collectors.toUnmodifiableMap(EventType::wireName, Function.identity()));

    private final String wireName;
    private final Mark mark;
    private final Optional<String> member;

    EventType(String wireName, Mark mark) {
        this(wireName, mark, Optional.empty());
    }

    /** Of records that hold many events. */
    EventType(String wireName, String member) {
        this(wireName, Mark.NONE, Optional.of(member));
    }

    EventType(String wireName, Mark mark, Optional<String> member) {
        this.wireName = wireName;
        this.mark = mark;
        this.member = member;
    }

    @Override
    public String wireName() {
        return wireName;
    }

    /** What records of this type mean for order and fencing. */
    public Mark mark() {
        return mark;
    }

    /** What clients see each event of such a record as, where the record is a window of many; empty where it is one event. */
    public Optional<String> member() {
        return member;
    }

    /** The type with this wire name, if this release knows it. */
    public static Optional<EventType> named(String wireName) {
        return Optional.ofNullable(BY_NAME.get(wireName));
    }
}
