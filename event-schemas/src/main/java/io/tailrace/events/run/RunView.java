package io.tailrace.events.run;

import io.tailrace.events.id.ApprovalId;
import io.tailrace.events.id.Attempt;
import io.tailrace.events.id.AvroName;
import io.tailrace.events.id.RunId;
import io.tailrace.events.id.StageId;
import io.tailrace.events.id.TurnId;
import io.tailrace.events.id.WorkerId;
import io.tailrace.events.id.WorkspaceId;
import io.tailrace.events.plan.Limits;
import io.tailrace.events.plan.Plan;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The current state of a run as the read model has it, projected from run-events alone.
 *
 * @param firstOffset the offset of its {@code run.created} in run-events: where a reader starts
 * @param numbered the last spine record whose sequence is known: what a snapshot's cursor points at
 * @param lastOffset the offset of the last record of run-events that went into this view
 * @param chat present if the plan is open; its view has the last stages only
 * @param approvals the calls of tools that a person is asked about now; absent where there are none
 */
@AvroName(namespace = "io.tailrace.events.run")
public record RunView(
        RunId runId,
        WorkspaceId workspace,
        String kind,
        Optional<String> title,
        RunStatus status,
        Instant createdAt,
        Optional<Instant> startedAt,
        Optional<Instant> completedAt,
        Optional<Instant> cancelRequestedAt,
        Optional<RunId> retryOf,
        Optional<Failure> failure,
        Plan plan,
        Limits limits,
        List<StageView> stages,
        String requestDigest,
        int partition,
        long firstOffset,
        NumberedSpot numbered,
        long lastOffset,
        Optional<ChatView> chat,
        Optional<List<ApprovalView>> approvals) {
    public RunView {
        stages = List.copyOf(stages);
        approvals = approvals.filter(it -> !it.isEmpty()).map(List::copyOf);
    }

    /** Of a run that is no chat. */
    public RunView(
            RunId runId,
            WorkspaceId workspace,
            String kind,
            Optional<String> title,
            RunStatus status,
            Instant createdAt,
            Optional<Instant> startedAt,
            Optional<Instant> completedAt,
            Optional<Instant> cancelRequestedAt,
            Optional<RunId> retryOf,
            Optional<Failure> failure,
            Plan plan,
            Limits limits,
            List<StageView> stages,
            String requestDigest,
            int partition,
            long firstOffset,
            NumberedSpot numbered,
            long lastOffset) {
        this(
                runId,
                workspace,
                kind,
                title,
                status,
                createdAt,
                startedAt,
                completedAt,
                cancelRequestedAt,
                retryOf,
                failure,
                plan,
                limits,
                stages,
                requestDigest,
                partition,
                firstOffset,
                numbered,
                lastOffset,
                Optional.empty());
    }

    /** Of a run that waits for nobody. */
    public RunView(
            RunId runId,
            WorkspaceId workspace,
            String kind,
            Optional<String> title,
            RunStatus status,
            Instant createdAt,
            Optional<Instant> startedAt,
            Optional<Instant> completedAt,
            Optional<Instant> cancelRequestedAt,
            Optional<RunId> retryOf,
            Optional<Failure> failure,
            Plan plan,
            Limits limits,
            List<StageView> stages,
            String requestDigest,
            int partition,
            long firstOffset,
            NumberedSpot numbered,
            long lastOffset,
            Optional<ChatView> chat) {
        this(
                runId,
                workspace,
                kind,
                title,
                status,
                createdAt,
                startedAt,
                completedAt,
                cancelRequestedAt,
                retryOf,
                failure,
                plan,
                limits,
                stages,
                requestDigest,
                partition,
                firstOffset,
                numbered,
                lastOffset,
                chat,
                Optional.empty());
    }

    /** The calls of tools that a person is asked about now. */
    public List<ApprovalView> openApprovals() {
        return approvals.orElse(List.of());
    }

    /**
     * A call of a tool that a person is asked about.
     *
     * @param arguments cut off as {@link RunFact.ToolApprovalRequested} has them: the more calls wait, the earlier
     * @param length how long they are, in UTF-16 units
     * @param timeout how long there is to answer, by the log's ticks
     */
    public record ApprovalView(
            ApprovalId approvalId,
            StageId stageId,
            String tool,
            String arguments,
            int length,
            Instant requestedAt,
            Duration timeout) {}

    /** What a stage is of its step, where it is not all of it, or the last of it. */
    public enum StagePart {
        /** The turn was paused in it, and goes on in a later one. */
        PAUSED,
        /** It executes a call of a tool for a turn that is paused. */
        TOOL_CALL
    }

    /** What became of a turn so far. */
    public enum TurnStatus {
        QUEUED,
        RUNNING,
        SUCCEEDED,
        FAILED,
        CANCELED,
        REJECTED
    }

    /**
     * One turn of a chat.
     *
     * @param step the stage that answers it, as its number in the run
     * @param code why it failed or was rejected
     */
    public record TurnView(
            TurnId turnId,
            TurnStatus status,
            Optional<Integer> step,
            Instant submittedAt,
            Optional<Instant> finishedAt,
            Optional<String> code,
            Optional<String> message,
            Optional<TurnId> retryOf) {}

    /**
     * What there is of a chat beside its stages.
     *
     * @param turns how many were accepted
     * @param closing whether it takes no more
     * @param recent the turns that were submitted last, the oldest first: those that wait or are being answered, and at
     *     most {@value #RECENT_TURNS}
     */
    public record ChatView(int turns, boolean closing, List<TurnView> recent) {
        /** How many turns a view has at the most; all others are in the run's events. */
        public static final int RECENT_TURNS = 64;

        public ChatView {
            recent = List.copyOf(recent);
        }

        /** The turn, if it is a recent one. */
        public Optional<TurnView> turn(TurnId id) {
            return recent.stream().filter(it -> it.turnId().equals(id)).findFirst();
        }
    }

    /** A spine record whose sequence is known. {@code eventIdPrefix}: the first four bytes of its event id. */
    public record NumberedSpot(long offset, long sequence, int eventIdPrefix) {}

    /**
     * What became of one stage.
     *
     * @param lastOffset of its terminal record, in its topic
     * @param part what it is of its step; absent if its result, when it has one, is the step's
     */
    public record StageView(
            StageId stageId,
            int step,
            Attempt attempt,
            Optional<Outcome> outcome,
            Optional<WorkerId> worker,
            Instant requestedAt,
            Optional<Instant> startedAt,
            Optional<Instant> finishedAt,
            Optional<Duration> duration,
            Optional<Failure> failure,
            Optional<Long> lastOffset,
            Optional<StagePart> part) {
        /** Of a stage that has not ended. */
        public StageView(
                StageId stageId,
                int step,
                Attempt attempt,
                Optional<Outcome> outcome,
                Optional<WorkerId> worker,
                Instant requestedAt,
                Optional<Instant> startedAt,
                Optional<Instant> finishedAt,
                Optional<Duration> duration,
                Optional<Failure> failure) {
            this(
                    stageId,
                    step,
                    attempt,
                    outcome,
                    worker,
                    requestedAt,
                    startedAt,
                    finishedAt,
                    duration,
                    failure,
                    Optional.empty(),
                    Optional.empty());
        }
    }
}
