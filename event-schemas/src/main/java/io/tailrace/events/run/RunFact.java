package io.tailrace.events.run;

import io.tailrace.events.id.ApprovalId;
import io.tailrace.events.id.Attempt;
import io.tailrace.events.id.AvroName;
import io.tailrace.events.id.AvroUnion;
import io.tailrace.events.id.RunId;
import io.tailrace.events.id.StageId;
import io.tailrace.events.id.TurnId;
import io.tailrace.events.id.WorkerId;
import io.tailrace.events.id.WorkspaceId;
import io.tailrace.events.log.ChapterRange;
import io.tailrace.events.log.EventType;
import io.tailrace.events.log.LogPosition;
import io.tailrace.events.plan.Limits;
import io.tailrace.events.plan.Plan;
import io.tailrace.events.plan.TurnInput;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** A lifecycle fact of a run: the payload of a record of run-events. Only the coordinator states them. */
@AvroName(namespace = "io.tailrace.events.run")
@AvroUnion({
    RunFact.RunCreated.class,
    RunFact.RunStarted.class,
    RunFact.StageRequested.class,
    RunFact.StageRedispatched.class,
    RunFact.StageFinished.class,
    RunFact.RunCancelRequested.class,
    RunFact.TurnSubmitted.class,
    RunFact.TurnRejected.class,
    RunFact.TurnCancelRequested.class,
    RunFact.RunCloseRequested.class,
    RunFact.RunProgress.class,
    RunFact.RunCompleted.class,
    RunFact.ToolApprovalRequested.class,
    RunFact.ToolApprovalDecided.class
})
public sealed interface RunFact {
    /** The run itself begins, goes on or ends. */
    sealed interface Lifecycle extends RunFact permits RunCreated, RunStarted, RunCancelRequested, RunCompleted {}

    /** One of its stages is dispatched, taken or done. */
    sealed interface OfStage extends RunFact permits StageRequested, StageRedispatched, StageFinished, RunProgress {}

    /** A chat was asked for something. */
    sealed interface OfChat extends RunFact
            permits TurnSubmitted, TurnRejected, TurnCancelRequested, RunCloseRequested {}

    /** A person is asked whether a tool may be called, or has answered. */
    sealed interface OfApproval extends RunFact permits ToolApprovalRequested, ToolApprovalDecided {}

    /** The recipe of stages that are turns of a chat. */
    String TURN = "turn";

    /** The fact's type. */
    EventType type();

    /** How many events of the run's order it makes: 1, or 0 for what is never shown. */
    default int count() {
        return 1;
    }

    /**
     * The run was accepted.
     *
     * @param requestDigest a digest of the request, by which a repeated idempotency key with another body is noticed
     * @param retryOf the failed or canceled run that this one repeats
     */
    record RunCreated(
            WorkspaceId workspace,
            String kind,
            Optional<String> title,
            Plan plan,
            Limits limits,
            Optional<RunId> retryOf,
            String requestDigest)
            implements Lifecycle {
        @Override
        public EventType type() {
            return EventType.RUN_CREATED;
        }
    }

    /** The coordinator began to work through the plan. */
    record RunStarted(int steps) implements Lifecycle {
        @Override
        public EventType type() {
            return EventType.RUN_STARTED;
        }
    }

    /**
     * A stage was dispatched as attempt 1: opens a chapter in the stage's topic.
     *
     * @param step which step of the plan it executes, from 1
     * @param recipe what a build runs by; {@value #TURN} for the turn of a chat
     * @param chapterFrom nothing of the stage lies before this position
     * @param turnId the turn that it answers, or goes on with
     * @param call the call of a tool that it executes; the turn that made it is paused
     */
    record StageRequested(
            int step,
            int steps,
            String recipe,
            Attempt attempt,
            LogPosition chapterFrom,
            Optional<TurnId> turnId,
            Optional<ToolCallSpot> call)
            implements OfStage {
        /** Of a stage that executes its step itself. */
        public StageRequested(
                int step, int steps, String recipe, Attempt attempt, LogPosition chapterFrom, Optional<TurnId> turnId) {
            this(step, steps, recipe, attempt, chapterFrom, turnId, Optional.empty());
        }

        /** Of a stage that is no turn. */
        public StageRequested(int step, int steps, String recipe, Attempt attempt, LogPosition chapterFrom) {
            this(step, steps, recipe, attempt, chapterFrom, Optional.empty());
        }

        @Override
        public EventType type() {
            return EventType.STAGE_REQUESTED;
        }
    }

    /**
     * A call of a tool.
     *
     * @param stage that made it
     * @param round from 1
     * @param index among the calls of the round, from 0
     */
    record ToolCallSpot(StageId stage, int round, int index, String tool) {}

    /** Why a stage is dispatched again. */
    enum RedispatchReason {
        /** The holder wrote nothing for too long. */
        SILENCE,
        /** The holder gave it back in order. */
        RELEASED
    }

    /**
     * A stage was dispatched again.
     *
     * @param attempt the new attempt
     * @param lostWorker who held the attempt before
     * @param silence how long nothing was heard of it
     */
    record StageRedispatched(Attempt attempt, RedispatchReason reason, Optional<WorkerId> lostWorker, Duration silence)
            implements OfStage {
        @Override
        public EventType type() {
            return EventType.STAGE_REDISPATCHED;
        }
    }

    /**
     * A stage has ended: closes its chapter.
     *
     * @param attempt the last attempt dispatched
     * @param failure from the stage's last record, its texts cut: {@link Failure#bounded()}
     * @param chapter where the chapter is in the stage's topic
     * @param startedAt when its last holder claimed it; absent if nobody ever did
     * @param queued from the dispatch of the first attempt to the first claim, or to the end if nobody claimed it
     * @param duration from the first claim to the end; zero if nobody claimed it
     * @param events how many events the chapter has
     * @param lines how many console lines are among them
     * @param usage what the provider calls of a turn took, where its end says so
     * @param pause present if the turn is not at its end: a later stage goes on with it
     */
    record StageFinished(
            int step,
            Attempt attempt,
            Outcome outcome,
            Optional<Failure> failure,
            Optional<Integer> exitCode,
            ChapterRange chapter,
            Optional<WorkerId> worker,
            Optional<Instant> startedAt,
            Duration queued,
            Duration duration,
            long events,
            long lines,
            Optional<Usage> usage,
            Optional<Pause> pause)
            implements OfStage {
        /** Of a stage after whose end its step goes on no more. */
        public StageFinished(
                int step,
                Attempt attempt,
                Outcome outcome,
                Optional<Failure> failure,
                Optional<Integer> exitCode,
                ChapterRange chapter,
                Optional<WorkerId> worker,
                Optional<Instant> startedAt,
                Duration queued,
                Duration duration,
                long events,
                long lines,
                Optional<Usage> usage) {
            this(
                    step,
                    attempt,
                    outcome,
                    failure,
                    exitCode,
                    chapter,
                    worker,
                    startedAt,
                    queued,
                    duration,
                    events,
                    lines,
                    usage,
                    Optional.empty());
        }

        /** Of a stage that used no model. */
        public StageFinished(
                int step,
                Attempt attempt,
                Outcome outcome,
                Optional<Failure> failure,
                Optional<Integer> exitCode,
                ChapterRange chapter,
                Optional<WorkerId> worker,
                Optional<Instant> startedAt,
                Duration queued,
                Duration duration,
                long events,
                long lines) {
            this(
                    step,
                    attempt,
                    outcome,
                    failure,
                    exitCode,
                    chapter,
                    worker,
                    startedAt,
                    queued,
                    duration,
                    events,
                    lines,
                    Optional.empty());
        }

        @Override
        public EventType type() {
            return EventType.STAGE_FINISHED;
        }
    }

    /** A client asked to cancel the run. */
    record RunCancelRequested(Optional<String> reason) implements Lifecycle {
        @Override
        public EventType type() {
            return EventType.RUN_CANCEL_REQUESTED;
        }
    }

    /** A turn of a chat was accepted: it is answered at once, or waits for those before it. */
    record TurnSubmitted(TurnId turnId, TurnInput input) implements OfChat {
        @Override
        public EventType type() {
            return EventType.TURN_SUBMITTED;
        }
    }

    /** Why a turn is never answered. */
    enum Rejection {
        /** Another turn was active, and the chat's policy is to reject then. */
        TURN_ACTIVE,
        /** As many turns as the chat allows were waiting already. */
        QUEUE_FULL,
        /** The chat was closing. */
        CLOSING,
        /** A later turn interrupted the chat while this one waited. */
        INTERRUPTED,
        /** It was canceled while it waited. */
        CANCELED,
        /** The run was canceled while it waited. */
        RUN_CANCELED
    }

    /** A turn of a chat is never answered: it was not accepted, or it was taken from those that wait. */
    record TurnRejected(TurnId turnId, Rejection reason, String message) implements OfChat {
        @Override
        public EventType type() {
            return EventType.TURN_REJECTED;
        }
    }

    /** A client asked to cancel the turn that is being answered, or interrupted it with another one. */
    record TurnCancelRequested(TurnId turnId, Optional<String> reason) implements OfChat {
        @Override
        public EventType type() {
            return EventType.TURN_CANCEL_REQUESTED;
        }
    }

    /** The chat is to take no more turns, and to end after those that it has. */
    record RunCloseRequested(Optional<String> reason) implements OfChat {
        @Override
        public EventType type() {
            return EventType.RUN_CLOSE_REQUESTED;
        }
    }

    /**
     * A person is asked whether a tool may be called. Nothing is executed for the run until all such questions of a round are
     * answered.
     *
     * @param arguments as the model wrote them, cut off behind {@value #MAX_ARGUMENTS} UTF-16 units, and behind 65536 divided by
     *     the calls that wait if these are more than 16; whole in the {@code tool.calls.requested} of the call's stage
     * @param length how long they are, in UTF-16 units
     * @param timeout how long there is to answer, by the log's ticks
     */
    record ToolApprovalRequested(
            ApprovalId approvalId, ToolCallSpot call, String arguments, int length, Duration timeout)
            implements OfApproval {
        /** How much of a call's arguments the question shows at the most, in UTF-16 units. */
        public static final int MAX_ARGUMENTS = 4096;

        @Override
        public EventType type() {
            return EventType.TOOL_APPROVAL_REQUESTED;
        }
    }

    /**
     * The question is answered, or nobody did in time.
     *
     * @param by who, in the words of the client that said it; not checked
     * @param reason what the model is told if the call is not allowed
     */
    record ToolApprovalDecided(
            ApprovalId approvalId, ApprovalDecision decision, Optional<String> by, Optional<String> reason)
            implements OfApproval {
        /** The longest {@code by} and {@code reason}, in UTF-16 units. */
        public static final int MAX_TEXT = 1000;

        @Override
        public EventType type() {
            return EventType.TOOL_APPROVAL_DECIDED;
        }
    }

    /** A stage's attempt is executing: for the read model and for notices, never part of the order. */
    record RunProgress(int step, int steps, Attempt attempt, WorkerId worker, Duration queued) implements OfStage {
        @Override
        public EventType type() {
            return EventType.RUN_PROGRESS;
        }

        @Override
        public int count() {
            return 0;
        }
    }

    /**
     * The run has ended: its last record.
     *
     * @param failure of the stage that failed, as its {@code stage.finished} has it
     * @param duration from creation to end
     * @param stages how many stages were dispatched
     * @param attempts how many attempts, over all stages
     * @param events how many events the run's order has, this one included
     * @param lines how many console lines are among them
     * @param usage what the provider calls of all turns took, where any of them said so
     */
    record RunCompleted(
            Outcome outcome,
            Optional<Failure> failure,
            Duration duration,
            int stages,
            int attempts,
            long events,
            long lines,
            Optional<Usage> usage)
            implements Lifecycle {
        /** Of a run that used no model. */
        public RunCompleted(
                Outcome outcome,
                Optional<Failure> failure,
                Duration duration,
                int stages,
                int attempts,
                long events,
                long lines) {
            this(outcome, failure, duration, stages, attempts, events, lines, Optional.empty());
        }

        @Override
        public EventType type() {
            return EventType.RUN_COMPLETED;
        }
    }
}
