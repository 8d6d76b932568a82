package io.tailrace.coordinator.decide;

import io.tailrace.events.id.AvroName;
import io.tailrace.events.id.RunId;
import io.tailrace.events.log.LogPosition;
import io.tailrace.events.log.Topic;
import io.tailrace.events.plan.Limits;
import io.tailrace.events.run.Outcome;
import io.tailrace.events.run.RunEvent;
import io.tailrace.events.run.RunFact;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a run is. Immutable; {@link #evolve} is the only way from one state to the next, live and on recovery. Each state
 * has the transitions that are legal from it, and no others.
 */
@AvroName(namespace = "io.tailrace.coordinator.decide")
public sealed interface RunState {

    /**
     * The state after a change.
     *
     * @throws IllegalStateException if the change is none that can happen in this state
     */
    RunState evolve(Change change);

    /** The topic by whose clock a fact is dated that is stated in this state; nothing where no wait begins with it. */
    default Optional<Topic> clockOf(RunFact fact) {
        return switch (fact) {
            case RunFact.RunCreated created ->
                Optional.of(created.plan().firstKind().events());
            case RunFact.StageRequested requested ->
                Optional.of(requested.chapterFrom().topic());
            case RunFact.Lifecycle _, RunFact.OfStage _, RunFact.OfChat _, RunFact.OfApproval _ -> clock();
        };
    }

    /** The topic by whose clock the run goes now. */
    default Optional<Topic> clock() {
        return switch (this) {
            case Active active -> Optional.of(active.topic());
            case Created created -> Optional.of(created.brief().topic());
            case BetweenStages between -> Optional.of(between.brief().topic());
            case Unknown _, Stopping _, Completed _ -> Optional.empty();
        };
    }

    /** A run that was never created, or that was forgotten. */
    record Unknown() implements RunState {
        @Override
        public RunState evolve(Change change) {
            if (change instanceof Change.Emitted(RunEvent event, Duration clock)
                    && event.payload() instanceof RunFact.RunCreated created) {
                RunBrief brief = new RunBrief(
                        event.runId(),
                        created.workspace(),
                        created.plan(),
                        created.limits(),
                        event.occurredAt(),
                        Optional.of(clock));
                return new Created(brief, RunTotals.ZERO.at(event.runSequence().orElseThrow()));
            }
            throw contradiction(this, change);
        }
    }

    /** The run was accepted and has not begun: only ever within one decision. */
    record Created(RunBrief brief, RunTotals totals) implements RunState {
        @Override
        public RunState evolve(Change change) {
            if (change instanceof Change.Emitted(RunEvent event, Duration clock)
                    && event.payload() instanceof RunFact.RunStarted) {
                RunTotals numbered = totals.at(event.runSequence().orElseThrow());
                return switch (Program.of(brief.plan())) {
                    case Steps steps -> new BetweenStages(brief, numbered, steps);
                    case Chat chat -> new Idle(brief, numbered, chat, clock);
                };
            }
            throw contradiction(this, change);
        }
    }

    /** No stage of a plan is open and the run goes on: only ever within one decision. */
    record BetweenStages(RunBrief brief, RunTotals totals, Steps program) implements RunState {
        @Override
        public RunState evolve(Change change) {
            if (!(change instanceof Change.Emitted(RunEvent event, Duration clock))) {
                throw contradiction(this, change);
            }
            return switch (event.payload()) {
                case RunFact.StageRequested requested -> toRunning(event, requested, clock);
                case RunFact.RunCompleted completed -> toCompleted(event, completed);
                case RunFact.Lifecycle _, RunFact.OfStage _, RunFact.OfChat _, RunFact.OfApproval _ ->
                    throw contradiction(this, change);
            };
        }

        private Running toRunning(RunEvent event, RunFact.StageRequested requested, Duration clock) {
            return new Running(
                    brief,
                    totals.at(event.runSequence().orElseThrow()).withStage(),
                    opened(event, requested, clock),
                    program.requested(requested));
        }

        private Completed toCompleted(RunEvent event, RunFact.RunCompleted completed) {
            return new Completed(brief.run(), completed.outcome(), event.occurredAt());
        }
    }

    /** No stage is open and the run was canceled: only ever within one decision. No stage can follow. */
    record Stopping(RunBrief brief, RunTotals totals) implements RunState {
        @Override
        public RunState evolve(Change change) {
            if (change instanceof Change.Emitted(RunEvent event, Duration _)
                    && event.payload() instanceof RunFact.RunCompleted completed) {
                return new Completed(brief.run(), completed.outcome(), event.occurredAt());
            }
            throw contradiction(this, change);
        }
    }

    /** A run that goes on: what is stored of it, and asked at every tick. */
    sealed interface Active extends RunState {
        RunBrief brief();

        RunTotals totals();

        Program program();

        /** The topic by whose clock the run goes. */
        Topic topic();
    }

    /**
     * A chat that waits for a turn. Within a decision also one whose next turn waits already.
     *
     * @param sinceClock the tick clock when it began to wait
     */
    record Idle(RunBrief brief, RunTotals totals, Chat program, Duration sinceClock) implements Active {
        @Override
        public Topic topic() {
            return Chat.KIND.events();
        }

        Conversation conversation() {
            return program.conversation();
        }

        @Override
        public RunState evolve(Change change) {
            return switch (change) {
                case Change.TurnAccepted(PendingTurn turn) ->
                    new Idle(brief, totals, program.accepted(turn), sinceClock);
                case Change.Counted _, Change.RequestRepeated _, Change.TurnRecorded _, Change.ChapterMoved _ ->
                    throw contradiction(this, change);
                case Change.Emitted(RunEvent event, Duration clock) -> {
                    RunTotals numbered = totals.at(event.runSequence().orElseThrow());
                    yield switch (event.payload()) {
                        case RunFact.TurnSubmitted _ -> new Idle(brief, numbered, program, sinceClock);
                        case RunFact.RunCloseRequested _ -> new Idle(brief, numbered, program.closed(), sinceClock);
                        case RunFact.RunCancelRequested _ -> new Stopping(brief, numbered);
                        case RunFact.StageRequested requested ->
                            new Running(
                                    brief,
                                    numbered.withStage(),
                                    opened(event, requested, clock),
                                    program.dispatched(requested.turnId().orElseThrow()));
                        case RunFact.RunCompleted completed ->
                            new Completed(brief.run(), completed.outcome(), event.occurredAt());
                        case RunFact.Lifecycle _, RunFact.OfStage _, RunFact.OfChat _, RunFact.OfApproval _ ->
                            throw contradiction(this, change);
                    };
                }
            };
        }
    }

    /**
     * No stage is open, because a person is asked whether tools may be called. Within a decision also one whose questions
     * are not stated yet.
     *
     * @param sinceClock the tick clock when it began to wait
     */
    record Waiting(RunBrief brief, RunTotals totals, Steps program, Duration sinceClock) implements Active {
        @Override
        public Topic topic() {
            return program.step(turn().step()).kind().events();
        }

        PausedTurn turn() {
            return program.paused().orElseThrow();
        }

        /** The calls that nobody has answered for. */
        List<PausedTurn.WaitingCall> asked() {
            return program.asked();
        }

        @Override
        public RunState evolve(Change change) {
            if (!(change instanceof Change.Emitted(RunEvent event, Duration _))) {
                throw contradiction(this, change);
            }
            RunTotals numbered = totals.at(event.runSequence().orElseThrow());
            return switch (event.payload()) {
                case RunFact.ToolApprovalRequested _ -> new Waiting(brief, numbered, program, sinceClock);
                case RunFact.ToolApprovalDecided decided -> {
                    Steps next = program.decided(decided);
                    yield next.isAsking()
                            ? new Waiting(brief, numbered, next, sinceClock)
                            : new BetweenStages(brief, numbered, next);
                }
                case RunFact.RunCancelRequested _ -> new Stopping(brief, numbered);
                case RunFact.RunCompleted completed ->
                    new Completed(brief.run(), completed.outcome(), event.occurredAt());
                case RunFact.Lifecycle _, RunFact.OfStage _, RunFact.OfChat _ -> throw contradiction(this, change);
            };
        }
    }

    /** A stage is open. */
    sealed interface Open extends Active {
        /** The sequence is that of the stage's {@code stage.requested}. */
        @Override
        RunTotals totals();

        ActiveStage stage();

        /** The limits of the open stage. */
        default Limits limits() {
            return program().limits(stage(), brief().limits());
        }

        @Override
        default Topic topic() {
            return stage().topic();
        }

        /** The sequence that the stage's closing gets: after the chapter and what the spine got meanwhile. */
        default long closingSequence() {
            return totals().sequence()
                    + stage().chapter().events()
                    + stage().chapter().spineEvents()
                    + 1;
        }
    }

    /** A stage is open, and the run goes on after it. */
    record Running(RunBrief brief, RunTotals totals, ActiveStage stage, Program program) implements Open {
        @Override
        public RunState evolve(Change change) {
            return switch (change) {
                case Change.Counted counted -> with(stage.counted(counted));
                case Change.ChapterMoved(LogPosition from) -> with(stage.moved(from));
                case Change.RequestRepeated(Instant at, Duration clock) -> with(stage.requestRepeated(at, clock));
                case Change.TurnAccepted(PendingTurn turn) -> with(chat(change).accepted(turn));
                case Change.TurnRecorded(long offset, int compacted) ->
                    with(program.recorded(stage, offset, compacted));
                case Change.Emitted(RunEvent event, Duration clock) ->
                    switch (event.payload()) {
                        case RunFact.StageRedispatched redispatched ->
                            new Running(
                                    brief,
                                    totals.withAttempt(),
                                    stage.redispatched(redispatched, event.occurredAt(), clock),
                                    program);
                        case RunFact.RunCancelRequested _ ->
                            new Canceling(brief, totals, stage.withSpineEvent(), clock, program);
                        case RunFact.RunProgress _ -> this;
                        case RunFact.StageFinished finished -> toNext(event, finished, clock);
                        case RunFact.TurnSubmitted _ -> with(stage.withSpineEvent());
                        case RunFact.TurnRejected rejected ->
                            with(stage.withSpineEvent()).with(chat(change).rejected(rejected.turnId()));
                        case RunFact.TurnCancelRequested _ -> with(stage.canceled(clock));
                        case RunFact.RunCloseRequested _ ->
                            with(stage.withSpineEvent()).with(chat(change).closed());
                        case RunFact.Lifecycle _, RunFact.OfStage _, RunFact.OfChat _, RunFact.OfApproval _ ->
                            throw contradiction(this, change);
                    };
            };
        }

        private RunState toNext(RunEvent event, RunFact.StageFinished finished, Duration clock) {
            RunTotals after = closed(this, event, finished);
            return switch (program) {
                case Steps steps -> {
                    Steps next = steps.finished(stage.id(), finished);
                    yield next.isAsking()
                            ? new Waiting(brief, after, next, clock)
                            : new BetweenStages(brief, after, next);
                }
                case Chat chat -> new Idle(brief, after, chat.ended(), clock);
            };
        }

        private Running with(ActiveStage next) {
            return new Running(brief, totals, next, program);
        }

        private Running with(Program next) {
            return new Running(brief, totals, stage, next);
        }

        private Chat chat(Change change) {
            if (program instanceof Chat chat) {
                return chat;
            }
            throw contradiction(this, change);
        }
    }

    /**
     * A stage is open, and no other comes after it.
     *
     * @param canceledClock the tick clock when the cancel was recorded
     */
    record Canceling(RunBrief brief, RunTotals totals, ActiveStage stage, Duration canceledClock, Program program)
            implements Open {
        @Override
        public RunState evolve(Change change) {
            return switch (change) {
                case Change.Counted counted -> with(stage.counted(counted));
                case Change.ChapterMoved(LogPosition from) -> with(stage.moved(from));
                case Change.TurnRecorded _ -> this;
                case Change.RequestRepeated _, Change.TurnAccepted _ -> throw contradiction(this, change);
                case Change.Emitted(RunEvent event, Duration _) ->
                    switch (event.payload()) {
                        case RunFact.RunProgress _ -> this;
                        case RunFact.StageFinished finished -> new Stopping(brief, closed(this, event, finished));
                        case RunFact.TurnRejected rejected -> {
                            if (!(program instanceof Chat chat)) {
                                throw contradiction(this, change);
                            }
                            yield new Canceling(
                                    brief,
                                    totals,
                                    stage.withSpineEvent(),
                                    canceledClock,
                                    chat.rejected(rejected.turnId()));
                        }
                        case RunFact.Lifecycle _, RunFact.OfStage _, RunFact.OfChat _, RunFact.OfApproval _ ->
                            throw contradiction(this, change);
                    };
            };
        }

        private Canceling with(ActiveStage next) {
            return new Canceling(brief, totals, next, canceledClock, program);
        }
    }

    /** The run has ended. Nothing changes it any more. */
    record Completed(RunId run, Outcome outcome, Instant endedAt) implements RunState {
        @Override
        public RunState evolve(Change change) {
            throw contradiction(this, change);
        }
    }

    private static ActiveStage opened(RunEvent event, RunFact.StageRequested requested, Duration clock) {
        return ActiveStage.requested(
                event.stageId().orElseThrow(), requested.step(), requested.chapterFrom(), event.occurredAt(), clock);
    }

    private static RunTotals closed(Open open, RunEvent closing, RunFact.StageFinished finished) {
        return open.totals()
                .at(closing.runSequence().orElseThrow())
                .withStageEnd(open.stage().chapter().lines(), finished.usage());
    }

    private static IllegalStateException contradiction(RunState state, Change change) {
        return new IllegalStateException(change + " cannot happen to " + state);
    }
}
