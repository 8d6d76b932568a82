package io.tailrace.turn.stage;

import io.tailrace.events.plan.ModelChoice;
import io.tailrace.events.plan.TurnInput;
import io.tailrace.events.turn.TurnFact;
import io.tailrace.events.turn.TurnFailure;
import io.tailrace.events.work.TurnRequest;
import io.tailrace.turn.provider.ProviderLookup;
import io.tailrace.turn.provider.ProviderRegistry;
import io.tailrace.worker.attempt.AttemptLog;
import io.tailrace.worker.attempt.AttemptLost;
import io.tailrace.worker.attempt.StopSignal;
import io.tailrace.worker.stage.StageExecutor;
import io.tailrace.worker.stage.StageRequest;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.LongSupplier;

/** Answers turns: reads what was asked, puts the context together, calls the model, and appends what it says. Thread-safe. */
final class TurnExecutor implements StageExecutor<TurnRequest, TurnFact> {
    private final TurnLog turns;
    private final ProviderRegistry providers;
    private final TurnSettings settings;
    private final ScheduledExecutorService timer;
    private final LongSupplier nanoTime;
    private final TurnMetrics metrics;

    TurnExecutor(
            TurnLog turns,
            ProviderRegistry providers,
            TurnSettings settings,
            ScheduledExecutorService timer,
            LongSupplier nanoTime,
            TurnMetrics metrics) {
        this.turns = turns;
        this.providers = providers;
        this.settings = settings;
        this.timer = timer;
        this.nanoTime = nanoTime;
        this.metrics = metrics;
    }

    @Override
    public void execute(StageRequest<TurnRequest> stage, AttemptLog<TurnFact> log, StopSignal stop) throws AttemptLost {
        TurnRequest request = stage.work();
        Optional<TurnInput> found = turns.input(request);
        TurnQuestion question =
                new TurnQuestion.ChatMessage(request.chat().orElseThrow(), found.orElseGet(() -> TurnInput.of("")));
        ModelChoice choice = question.model();
        ProviderLookup lookup = providers.find(choice.provider(), choice.model());
        String model = lookup instanceof ProviderLookup.Found it
                ? it.model().id()
                : choice.model().orElse("");
        TurnReport report = new TurnReport(request.turnId(), question.text(), choice.provider(), model, log, nanoTime);
        log.append(new TurnFact.TurnStarted(
                request.turnId(), question.text(), choice.provider(), model, question.retryOf()));
        if (found.isEmpty()) {
            report.fail(new TurnFailure(
                    "message_unavailable",
                    "The log no longer has the message of this turn: it waited for longer than commands are kept."
                            + " Submit it again.",
                    false,
                    Map.of("position", request.message().map(Object::toString).orElse(""))));
            return;
        }
        switch (lookup) {
            case ProviderLookup.NotFound(var failure) -> report.fail(ProviderMapping.failure(failure));
            case ProviderLookup.Found target ->
                new TurnAttempt(
                                request,
                                question,
                                target,
                                turns,
                                settings,
                                new DeltaWindow(log, settings.deltaWindow(), timer, nanoTime),
                                report,
                                stop,
                                metrics)
                        .execute();
        }
    }
}
