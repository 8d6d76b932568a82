package io.tailrace.coordinator.decide;

import io.tailrace.events.command.RunCommand.CreateRun;
import io.tailrace.events.id.Attempt;
import io.tailrace.events.id.StageId;
import io.tailrace.events.log.EventType;
import io.tailrace.events.log.LogPosition;
import io.tailrace.events.plan.Step;
import io.tailrace.events.reading.Fence;
import io.tailrace.events.run.Failure;
import io.tailrace.events.run.Outcome;
import io.tailrace.events.run.RunFact;
import io.tailrace.events.run.RunFact.Rejection;
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

    public RunDecider(StageTimeouts timeouts) {
        this.watch = new StageWatch(timeouts);
    }

    /** What follows from an input. */
    public Decision decide(RunState state, Input input) {
        Draft draft = new Draft(state, input.context());
        switch (input) {
            case Input.Create create -> {
                if (state instanceof RunState.Unknown) {
                    create(draft, create);
                }
            }
            case Input.Cancel cancel -> {
                RunFact fact = new RunFact.RunCancelRequested(cancel.command().reason());
                if (state instanceof RunState.Running running) {
                    draft.emitForRun(running, fact);
                    ChatDecider.rejectAllWaiting(draft, Rejection.RUN_CANCELED);
                    doWhatIsDue(draft);
                } else if (state instanceof RunState.Idle idle) {
                    ChatDecider.emit(draft, idle, fact);
                    complete(draft, Outcome.CANCELED, Optional.empty());
                } else if (state instanceof RunState.Waiting waiting) {
                    draft.emit(
                            waiting.brief().run(),
                            Optional.empty(),
                            waiting.totals().sequence() + 1,
                            fact);
                    complete(draft, Outcome.CANCELED, Optional.empty());
                }
            }
            case Input.StageRecord record -> {
                if (state instanceof RunState.Open open && record.isOf(open)) {
                    stageRecord(draft, open, record);
                }
            }
            case Input.Submit submit -> {
                ChatDecider.submit(draft, submit);
                goOn(draft);
            }
            case Input.CancelOfTurn cancel -> {
                ChatDecider.cancel(draft, cancel.command());
                doWhatIsDue(draft);
            }
            case Input.Close close -> {
                ChatDecider.close(draft, close.command().reason());
                goOn(draft);
            }
            case Input.Approval approval -> {
                PauseDecider.answer(draft, approval.command());
                goOnWithTurn(draft);
            }
            case Input.RecordsLost lost -> {
                if (state instanceof RunState.Open open && open.stage().id().equals(lost.stage())) {
                    recordsLost(draft, open, lost.counted());
                }
            }
            case Input.Tick tick -> {
                if (state instanceof RunState.Active active && active.topic() == tick.topic()) {
                    ChatDecider.closeIfUnused(draft);
                    waited(draft);
                    goOn(draft);
                }
            }
        }
        return draft.decision();
    }

    private static void create(Draft draft, Input.Create input) {
        CreateRun command = input.command();
        draft.emit(
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
        draft.emit(
                input.run(),
                Optional.empty(),
                2,
                new RunFact.RunStarted(command.plan().steps().size()));
        if (draft.state() instanceof RunState.BetweenStages between) {
            if (between.program().count() == 0) {
                complete(draft, Outcome.FAILED, Optional.of(Failure.of("empty_plan", "The plan has no steps.")));
            } else {
                requestStage(draft, between, 1);
            }
        }
    }

    private static void requestStage(Draft draft, RunState.BetweenStages between, int number) {
        Steps steps = between.program();
        Optional<String> missing = steps.missingFor(number);
        if (missing.isPresent()) {
            complete(
                    draft,
                    Outcome.FAILED,
                    Optional.of(Failure.of(
                            "result_missing",
                            "Step " + number + " uses the result of " + missing.get() + ", and there is none.")));
            return;
        }
        RunBrief brief = between.brief();
        StageId stage = StageId.of(brief.run(), between.totals().stages() + 1);
        Step step = steps.step(number);
        draft.emit(
                brief.run(),
                Optional.of(stage),
                between.totals().sequence() + 1,
                new RunFact.StageRequested(
                        number,
                        steps.count(),
                        step.recipe(),
                        Attempt.FIRST,
                        draft.context().snapshot(step.kind()).chapterFrom(),
                        step.turn(stage)));
        if (draft.state() instanceof RunState.Open open) {
            draft.request(open);
        }
    }

    private void stageRecord(Draft draft, RunState.Open open, Input.StageRecord record) {
        Fence.Judgment judgment = open.stage().holding().fence().judge(record.headers());
        if (!judgment.counts()) {
            return;
        }
        InputContext context = draft.context();
        draft.change(new Change.Counted(record.offset(), context.at(), draft.clock(), record.headers()));
        switch (judgment.verdict()) {
            case CLAIMS -> progress(draft);
            case COUNTS -> {
                if (record.headers().type().equals(EventType.ATTEMPT_RELEASED.wireName())) {
                    doWhatIsDue(draft);
                }
            }
            case ENDS -> {
                StageEnd said = record.end().orElseGet(() -> StageEnd.unreadable(record.headers()));
                StageEnd end = mayEndSo(open, said) ? said : StageEnd.refusedPause();
                if (end.pause().isEmpty()) {
                    end.turn().ifPresent(it -> draft.change(new Change.TurnRecorded(record.offset(), it.compacted())));
                }
                finish(draft, end);
            }
            case VOID -> throw new IllegalStateException("void records were sorted out before");
        }
    }

    private static boolean mayEndSo(RunState.Open open, StageEnd end) {
        return end.pause().isEmpty()
                || (open.program() instanceof Steps steps
                        && steps.mayPause(open.stage(), end.pause().get().pause()));
    }

    /** What is due of a run that waits for a person. */
    private static void waited(Draft draft) {
        if (draft.state() instanceof RunState.Waiting waiting) {
            Optional<StageEnd> end = StageWatch.wallClock(waiting.brief(), draft.context());
            if (end.isPresent()) {
                complete(draft, end.get().outcome(), end.get().failure());
            } else {
                PauseDecider.expire(draft);
                goOnWithTurn(draft);
            }
        }
    }

    /** A turn that waits for no person goes on, or what it needs is built, unless the run's time is up. */
    private static void goOnWithTurn(Draft draft) {
        if (draft.state() instanceof RunState.BetweenStages between) {
            StageWatch.wallClock(between.brief(), draft.context())
                    .ifPresentOrElse(
                            it -> complete(draft, it.outcome(), it.failure()),
                            () -> PauseDecider.requestNext(draft, between));
        }
    }

    private static void progress(Draft draft) {
        if (draft.state() instanceof RunState.Open open) {
            ActiveStage stage = open.stage();
            Fence.Holder holder = stage.holding().fence().holder().orElseThrow();
            draft.emitForStage(
                    open,
                    new RunFact.RunProgress(
                            stage.step(),
                            open.brief().steps(),
                            holder.attempt(),
                            holder.worker(),
                            positive(Duration.between(
                                    stage.dispatch().lastAt(), draft.context().at()))));
        }
    }

    /** Whoever held the stage cannot be heard any more: it is given to another without waiting for a silence. */
    private void recordsLost(Draft draft, RunState.Open open, Fence counted) {
        if (!open.stage().lacks(counted)) {
            return;
        }
        LogPosition end = draft.context().snapshot(open.topic()).chapterFrom();
        if (open.stage().chapterFrom().offset() > end.offset()) {
            draft.change(new Change.ChapterMoved(end));
        }
        if (draft.state() instanceof RunState.Open here) {
            watch.recordsLost(here, counted).ifPresentOrElse(it -> carryOut(draft, here, it), () -> doWhatIsDue(draft));
        }
    }

    private void doWhatIsDue(Draft draft) {
        if (draft.state() instanceof RunState.Open open) {
            watch.due(open, draft.context()).ifPresent(it -> carryOut(draft, open, it));
        }
    }

    private static void carryOut(Draft draft, RunState.Open open, Remedy due) {
        switch (due) {
            case Remedy.Abort abort -> draft.abort(open.stage(), abort.end());
            case Remedy.Redispatch redispatch -> {
                draft.emitForStage(
                        open,
                        new RunFact.StageRedispatched(
                                redispatch.attempt(),
                                redispatch.reason(),
                                redispatch.lostWorker(),
                                redispatch.silence()));
                requestAgain(draft);
            }
            case Remedy.RepeatRequest _ -> {
                draft.change(new Change.RequestRepeated(draft.context().at(), draft.sentClock()));
                requestAgain(draft);
            }
        }
    }

    private static void requestAgain(Draft draft) {
        if (draft.state() instanceof RunState.Open open) {
            draft.request(open);
        }
    }

    private void finish(Draft draft, StageEnd end) {
        if (!(draft.state() instanceof RunState.Open open)) {
            return;
        }
        ActiveStage stage = open.stage();
        draft.emit(
                open.brief().run(),
                Optional.of(stage.id()),
                open.closingSequence(),
                StageReport.of(stage, end, draft.context().at()));
        switch (draft.state()) {
            case RunState.BetweenStages between -> {
                if (between.program().paused().isPresent()) {
                    goOnWithTurn(draft);
                } else if (end.outcome() == Outcome.SUCCEEDED && open.program().goesOnAfter(stage.step())) {
                    requestStage(draft, between, stage.step() + 1);
                } else {
                    complete(draft, end.outcome(), end.failure());
                }
            }
            case RunState.Stopping _ -> {
                boolean cutShort = goesOnWithStep(open, end)
                        || (end.outcome() == Outcome.SUCCEEDED && open.program().goesOnAfter(stage.step()));
                if (cutShort) {
                    complete(draft, Outcome.CANCELED, Optional.empty());
                } else {
                    complete(draft, end.outcome(), end.failure());
                }
            }
            case RunState.Idle _ -> goOn(draft);
            case RunState.Waiting _ -> PauseDecider.ask(draft, end.pause().orElseThrow());
            case RunState.Unknown _,
                    RunState.Created _,
                    RunState.Running _,
                    RunState.Canceling _,
                    RunState.Completed _ -> throw new IllegalStateException("a stage that has finished is open");
        }
    }

    /** Whether the end of the open stage is not that of its step. */
    private static boolean goesOnWithStep(RunState.Open open, StageEnd end) {
        return end.pause().isPresent()
                || (open.program() instanceof Steps steps && steps.building().isPresent());
    }

    /** Does what follows by itself: what is due of an open stage, the next turn of a chat, the end of a closed one. */
    private void goOn(Draft draft) {
        if (draft.state() instanceof RunState.Idle idle) {
            if (idle.conversation().next().isPresent()) {
                ChatDecider.requestNext(draft, idle);
            } else if (idle.conversation().closing()) {
                complete(draft, Outcome.SUCCEEDED, Optional.empty());
            }
        } else {
            doWhatIsDue(draft);
        }
    }

    private static void complete(Draft draft, Outcome outcome, Optional<Failure> failure) {
        switch (draft.state()) {
            case RunState.BetweenStages it -> complete(draft, it.brief(), it.totals(), outcome, failure);
            case RunState.Stopping it -> complete(draft, it.brief(), it.totals(), outcome, failure);
            case RunState.Idle it -> complete(draft, it.brief(), it.totals(), outcome, failure);
            case RunState.Waiting it -> complete(draft, it.brief(), it.totals(), outcome, failure);
            case RunState.Unknown _, RunState.Created _, RunState.Open _, RunState.Completed _ ->
                throw new IllegalStateException("a run ends between its stages");
        }
    }

    private static void complete(
            Draft draft, RunBrief brief, RunTotals totals, Outcome outcome, Optional<Failure> failure) {
        long sequence = totals.sequence() + 1;
        draft.emit(
                brief.run(),
                Optional.empty(),
                sequence,
                new RunFact.RunCompleted(
                        outcome,
                        failure,
                        positive(Duration.between(
                                brief.createdAt(), draft.context().at())),
                        totals.stages(),
                        totals.attempts(),
                        sequence,
                        totals.lines(),
                        totals.usage()));
    }

    /** Brokers' clocks may differ by some milliseconds. */
    private static Duration positive(Duration span) {
        return span.isNegative() ? Duration.ZERO : span;
    }
}
