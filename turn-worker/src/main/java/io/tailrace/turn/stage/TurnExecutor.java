package io.tailrace.turn.stage;

import io.tailrace.events.log.LogPosition;
import io.tailrace.events.plan.ChatPlan;
import io.tailrace.events.plan.ModelChoice;
import io.tailrace.events.plan.PromptStep;
import io.tailrace.events.plan.ReusedAnswer;
import io.tailrace.events.plan.TurnInput;
import io.tailrace.events.stage.TurnFact;
import io.tailrace.events.stage.TurnFailure;
import io.tailrace.events.work.Continuation;
import io.tailrace.events.work.Continuation.CallAnswer;
import io.tailrace.events.work.StepResult;
import io.tailrace.events.work.TurnRequest;
import io.tailrace.events.work.TurnSource;
import io.tailrace.turn.knowledge.Knowledge;
import io.tailrace.turn.provider.ProviderLookup;
import io.tailrace.turn.provider.ProviderRegistry;
import io.tailrace.turn.tool.ToolExecution;
import io.tailrace.worker.attempt.AttemptLog;
import io.tailrace.worker.attempt.AttemptLost;
import io.tailrace.worker.attempt.StopReason;
import io.tailrace.worker.attempt.StopSignal;
import io.tailrace.worker.result.StepResults;
import io.tailrace.worker.stage.StageExecutor;
import io.tailrace.worker.stage.StageRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.LongSupplier;

/** Answers turns: reads what was asked, puts the context together, calls the model, and appends what it says. Thread-safe. */
final class TurnExecutor implements StageExecutor<TurnRequest, TurnFact> {
    private final TurnLog turns;
    private final StepResults results;
    private final Knowledge knowledge;
    private final AnswerCache cache;
    private final ToolExecution tools;
    private final ProviderRegistry providers;
    private final TurnSettings settings;
    private final ScheduledExecutorService timer;
    private final LongSupplier nanoTime;
    private final TurnMetrics metrics;

    TurnExecutor(
            TurnLog turns,
            StepResults results,
            Knowledge knowledge,
            AnswerCache cache,
            ToolExecution tools,
            ProviderRegistry providers,
            TurnSettings settings,
            ScheduledExecutorService timer,
            LongSupplier nanoTime,
            TurnMetrics metrics) {
        this.turns = turns;
        this.results = results;
        this.knowledge = knowledge;
        this.cache = cache;
        this.tools = tools;
        this.providers = providers;
        this.settings = settings;
        this.timer = timer;
        this.nanoTime = nanoTime;
        this.metrics = metrics;
    }

    @Override
    public void execute(StageRequest<TurnRequest> stage, AttemptLog<TurnFact> log, StopSignal stop) throws AttemptLost {
        TurnRequest request = stage.work();
        Asked asked = asked(request);
        TurnQuestion question = asked.question();
        ModelChoice choice = question.model();
        ProviderLookup lookup = providers.find(choice.provider(), choice.model());
        String model = lookup instanceof ProviderLookup.Found it
                ? it.model().id()
                : choice.model().orElse("");
        TurnReport report = new TurnReport(request.turnId(), question.text(), choice.provider(), model, log, nanoTime);
        Optional<Continuation> continuation = PauseAnswers.of(request);
        Optional<RecordedRounds> paused = continuation.isPresent()
                ? turns.paused(request, continuation.get(), stop)
                        .filter(_ -> question.toolUse().isPresent())
                : Optional.of(RecordedRounds.NONE);
        log.append(
                continuation.isPresent()
                        ? new TurnFact.TurnContinued(
                                request.turnId(),
                                paused.map(RecordedRounds::count).orElse(round(continuation.get())),
                                choice.provider(),
                                model)
                        : new TurnFact.TurnStarted(
                                request.turnId(), question.text(), choice.provider(), model, question.retryOf()));
        if (asked.missing().isPresent()) {
            report.fail(asked.missing().get());
            return;
        }
        if (paused.isEmpty() && stop.reason().isPresent()) {
            if (stop.reason().equals(Optional.of(StopReason.CANCELED))) {
                report.fail(TurnEnding.canceled());
            }
            return;
        }
        if (paused.isEmpty()) {
            report.fail(Unanswerable.withoutRounds().failure());
            return;
        }
        if (question.reused().isPresent() && continuation.isEmpty()) {
            answerAgain(question.reused().get(), report, stop);
            return;
        }
        switch (lookup) {
            case ProviderLookup.NotFound(var failure) -> report.fail(ProviderMapping.failure(failure));
            case ProviderLookup.Found target ->
                new TurnAttempt(
                                request,
                                question,
                                target,
                                paused.get(),
                                turns,
                                results,
                                knowledge,
                                cache,
                                tools,
                                settings,
                                new DeltaWindow(log, settings.deltaWindow(), timer, nanoTime),
                                report,
                                stop,
                                metrics,
                                nanoTime)
                        .execute();
        }
    }

    /** The round that waited, as the request knows it. */
    private static int round(Continuation continuation) {
        return continuation.answers().stream().mapToInt(CallAnswer::round).max().orElse(0);
    }

    /** No model is asked, so it need not be there. */
    private void answerAgain(ReusedAnswer reused, TurnReport report, StopSignal stop) throws AttemptLost {
        if (stop.reason().equals(Optional.of(StopReason.CANCELED))) {
            report.fail(TurnEnding.canceled());
            return;
        }
        Optional<TurnFact.TurnCompleted> before = turns.answer(reused);
        if (before.isEmpty()) {
            report.fail(Unanswerable.withoutReused(reused).failure());
            return;
        }
        report.say(new TurnFact.AnswerReused(reused));
        report.completeAsBefore(before.get());
    }

    /**
     * What a request asks.
     *
     * @param missing why it cannot be answered, if the log no longer has it
     */
    private record Asked(TurnQuestion question, Optional<TurnFailure> missing) {}

    private Asked asked(TurnRequest request) {
        return switch (request.source()) {
            case TurnSource.ChatMessage(ChatPlan chat, LogPosition message, List<Long> _) ->
                turns.input(request)
                        .map(it -> new Asked(new TurnQuestion.ChatMessage(chat, it), Optional.empty()))
                        .orElseGet(() -> new Asked(
                                new TurnQuestion.ChatMessage(chat, TurnInput.of("")), Optional.of(gone(message))));
            case TurnSource.PlanPrompt(PromptStep step, List<StepResult> earlier, Optional<Continuation> _) ->
                new Asked(new TurnQuestion.PlanPrompt(step, earlier), Optional.empty());
        };
    }

    private static TurnFailure gone(LogPosition message) {
        return new TurnFailure(
                "message_unavailable",
                "The log no longer has the message of this turn: it waited for longer than commands are kept."
                        + " Submit it again.",
                false,
                Map.of("position", message.toString()));
    }
}
