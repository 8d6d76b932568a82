package io.tailrace.coordinator.decide;

import io.tailrace.events.command.RunCommand.CreateRun;
import io.tailrace.events.id.Attempt;
import io.tailrace.events.id.StageId;
import io.tailrace.events.log.EventType;
import io.tailrace.events.plan.BuildStep;
import io.tailrace.events.reading.Fence;
import io.tailrace.events.run.Failure;
import io.tailrace.events.run.Outcome;
import io.tailrace.events.run.RunFact;
import java.time.Duration;
import java.util.Optional;

/**
 * Decides what becomes of a run. Pure: the same state and input give the same decision. Immutable, thread-safe.
 *
 * <p>An input that does not fit the state (a second creation, a cancel of what has ended, a void record) changes
 * nothing.
 */
public final class RunDecider {
    private final StageWatch watch;

    public RunDecider(Patience patience) {
        this.watch = new StageWatch(patience);
    }

    /** What follows from an input. */
    public Decision decide(RunState state, Input input) {
        Draft draft = new Draft(state, input.moment());
        switch (input) {
            case Input.Create create -> {
                if (state instanceof RunState.Unknown) {
                    create(draft, create);
                }
            }
            case Input.Cancel cancel -> {
                if (state instanceof RunState.Running running) {
                    draft.stateOfRunMeanwhile(
                            running,
                            new RunFact.RunCancelRequested(cancel.command().reason()));
                    doWhatIsDue(draft);
                }
            }
            case Input.StageRecord record -> {
                if (state instanceof RunState.Open open
                        && record.headers()
                                .stage()
                                .equals(Optional.of(open.stage().id()))) {
                    stageRecord(draft, open, record);
                }
            }
            case Input.Tick _ -> doWhatIsDue(draft);
        }
        return draft.decision();
    }

    private static void create(Draft draft, Input.Create input) {
        CreateRun command = input.command();
        draft.state(
                input.run(),
                Optional.empty(),
                1,
                new RunFact.RunCreated(
                        command.workspace(),
                        command.kind(),
                        command.title(),
                        command.plan(),
                        command.limits(),
                        command.retryOf(),
                        command.requestDigest()));
        draft.state(
                input.run(),
                Optional.empty(),
                2,
                new RunFact.RunStarted(command.plan().steps().size()));
        if (draft.state() instanceof RunState.BetweenStages between) {
            if (between.brief().steps() == 0) {
                complete(
                        draft,
                        between.brief(),
                        between.tally(),
                        Outcome.FAILED,
                        Optional.of(Failure.of("empty_plan", "The plan has no steps.")));
            } else {
                requestStage(draft, between, 1);
            }
        }
    }

    private static void requestStage(Draft draft, RunState.BetweenStages between, int step) {
        RunBrief brief = between.brief();
        String recipe = switch (brief.plan().steps().get(step - 1)) {
            case BuildStep build -> build.recipe();
        };
        draft.state(
                brief.run(),
                Optional.of(StageId.of(brief.run(), step)),
                between.tally().sequence() + 1,
                new RunFact.StageRequested(
                        step,
                        brief.steps(),
                        recipe,
                        Attempt.FIRST,
                        draft.moment().chapterFrom()));
        if (draft.state() instanceof RunState.Open open) {
            draft.request(open);
        }
    }

    private void stageRecord(Draft draft, RunState.Open open, Input.StageRecord record) {
        Fence.Judgment judgment = open.stage().holding().fence().judge(record.headers());
        if (!judgment.counts()) {
            return;
        }
        Moment moment = draft.moment();
        draft.change(new Change.Counted(record.offset(), moment.at(), moment.clock(), record.headers()));
        switch (judgment.verdict()) {
            case CLAIMS -> progress(draft);
            case COUNTS -> {
                if (record.headers().type().equals(EventType.ATTEMPT_RELEASED.wireName())) {
                    doWhatIsDue(draft);
                }
            }
            case ENDS -> finish(draft, StageEnd.of(record.headers(), record.fact()));
            case VOID -> throw new IllegalStateException("void records were sorted out before");
        }
    }

    private static void progress(Draft draft) {
        if (draft.state() instanceof RunState.Open open) {
            ActiveStage stage = open.stage();
            Fence.Holder holder = stage.holding().fence().holder().orElseThrow();
            draft.stateMeanwhile(
                    open,
                    new RunFact.RunProgress(
                            stage.step(),
                            open.brief().steps(),
                            holder.attempt(),
                            holder.worker(),
                            positive(Duration.between(
                                    stage.dispatch().lastAt(), draft.moment().at()))));
        }
    }

    private void doWhatIsDue(Draft draft) {
        if (!(draft.state() instanceof RunState.Open open)) {
            return;
        }
        Optional<Remedy> due =
                watch.due(open, draft.moment().at(), draft.moment().clock());
        if (due.isEmpty()) {
            return;
        }
        switch (due.get()) {
            case Remedy.Abort abort -> draft.abort(open.stage().id(), abort.end());
            case Remedy.Redispatch redispatch -> {
                draft.stateMeanwhile(
                        open,
                        new RunFact.StageRedispatched(
                                redispatch.attempt(),
                                redispatch.reason(),
                                redispatch.lostWorker(),
                                redispatch.silence()));
                requestAgain(draft);
            }
            case Remedy.RepeatRequest _ -> {
                draft.change(new Change.RequestRepeated(draft.moment().clock()));
                requestAgain(draft);
            }
        }
    }

    private static void requestAgain(Draft draft) {
        if (draft.state() instanceof RunState.Open open) {
            draft.request(open);
        }
    }

    private static void finish(Draft draft, StageEnd end) {
        if (!(draft.state() instanceof RunState.Open open)) {
            return;
        }
        ActiveStage stage = open.stage();
        draft.state(
                open.brief().run(),
                Optional.of(stage.id()),
                open.closingSequence(),
                StageReport.of(stage, end, draft.moment().at()));
        switch (draft.state()) {
            case RunState.BetweenStages between -> {
                boolean goesOn = end.outcome() == Outcome.SUCCEEDED
                        && stage.step() < between.brief().steps();
                if (goesOn) {
                    requestStage(draft, between, stage.step() + 1);
                } else {
                    complete(draft, between.brief(), between.tally(), end.outcome(), end.failure());
                }
            }
            case RunState.Stopping stopping -> {
                boolean stepsLeft = stage.step() < stopping.brief().steps();
                Outcome outcome = end.outcome() == Outcome.SUCCEEDED && stepsLeft ? Outcome.CANCELED : end.outcome();
                complete(draft, stopping.brief(), stopping.tally(), outcome, end.failure());
            }
            case RunState.Unknown _, RunState.Running _, RunState.Canceling _, RunState.Completed _ ->
                throw new IllegalStateException("a stage that has finished is open");
        }
    }

    private static void complete(Draft draft, RunBrief brief, Tally tally, Outcome outcome, Optional<Failure> failure) {
        long sequence = tally.sequence() + 1;
        draft.state(
                brief.run(),
                Optional.empty(),
                sequence,
                new RunFact.RunCompleted(
                        outcome,
                        failure,
                        positive(Duration.between(
                                brief.createdAt(), draft.moment().at())),
                        tally.stages(),
                        tally.attempts(),
                        sequence,
                        tally.lines()));
    }

    /** Brokers' clocks may differ by some milliseconds. */
    private static Duration positive(Duration span) {
        return span.isNegative() ? Duration.ZERO : span;
    }
}
