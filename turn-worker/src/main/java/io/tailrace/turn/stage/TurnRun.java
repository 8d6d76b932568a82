package io.tailrace.turn.stage;

import io.tailrace.events.plan.TurnInput;
import io.tailrace.events.run.Usage;
import io.tailrace.events.turn.TurnFact;
import io.tailrace.events.turn.TurnFact.Billing;
import io.tailrace.events.turn.TurnFact.CompactedBy;
import io.tailrace.events.turn.TurnFact.Compaction;
import io.tailrace.events.turn.TurnFailure;
import io.tailrace.events.work.TurnRequest;
import io.tailrace.turn.context.Compactor;
import io.tailrace.turn.context.ContextBuilder;
import io.tailrace.turn.context.ContextParts;
import io.tailrace.turn.context.PastTurn;
import io.tailrace.turn.provider.CallEnd;
import io.tailrace.turn.provider.GenerationSettings;
import io.tailrace.turn.provider.ModelDefinition;
import io.tailrace.turn.provider.ModelDelta;
import io.tailrace.turn.provider.ModelProvider;
import io.tailrace.turn.provider.ModelRequest;
import io.tailrace.turn.provider.ProviderCall;
import io.tailrace.turn.provider.ProviderFamily;
import io.tailrace.worker.attempt.AttemptLost;
import io.tailrace.worker.attempt.StopReason;
import io.tailrace.worker.attempt.StopSignal;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One attempt at one turn whose model is there. Used once, on the stage's thread. */
final class TurnRun {
    private static final int SUMMARY_TOKENS = 1_000;
    private static final int CHARACTERS_PER_TOKEN = 4;

    private final TurnRequest request;
    private final TurnInput input;
    private final ModelProvider provider;
    private final ModelDefinition model;
    private final TurnLog turns;
    private final TurnSettings settings;
    private final DeltaWindow window;
    private final TurnReport report;
    private final StopSignal stop;
    private final TurnMetrics metrics;
    private int calls;

    TurnRun(
            TurnRequest request,
            TurnInput input,
            ModelProvider provider,
            ModelDefinition model,
            TurnLog turns,
            TurnSettings settings,
            DeltaWindow window,
            TurnReport report,
            StopSignal stop,
            TurnMetrics metrics) {
        this.request = request;
        this.input = input;
        this.provider = provider;
        this.model = model;
        this.turns = turns;
        this.settings = settings;
        this.window = window;
        this.report = report;
        this.stop = stop;
        this.metrics = metrics;
    }

    /** Answers the turn, and ends it unless it is to be given back. */
    void execute() throws AttemptLost {
        Optional<TurnFact.TurnCheckpointed> done = accountForEarlierAttempts();
        if (done.isPresent()) {
            answerAgain(done.get());
            return;
        }
        GenerationSettings generation = model.complete(Converted.settings(input.generation()
                .map(it -> it.over(request.chat().generation()))
                .orElse(request.chat().generation())));
        ContextBuilder builder = new ContextBuilder(
                model.contextWindowTokens(),
                generation.maxOutputTokens().orElse(Math.min(settings.defaultReserve(), model.maxOutputTokens())));
        TurnLog.History history = turns.history(request);
        ContextParts parts =
                ContextParts.ofChat(request.chat().system(), history.turns(), history.unreadable(), input.text());
        switch (builder.build(compact(parts, builder.limit()))) {
            case ContextBuilder.Overflow(long tokens, long limit) ->
                report.fail(new TurnFailure(
                        "context_overflow",
                        "The message and the system text have about " + tokens + " tokens, and " + report.model()
                                + " takes " + limit + " besides its answer. Shorten the message, ask for fewer output"
                                + " tokens, or choose a model with a larger window.",
                        false,
                        Map.of("tokens", Long.toString(tokens), "limit", Long.toString(limit))));
            case ContextBuilder.Built built -> {
                report.say(built.report());
                report.checkpoint(calls, Optional.empty());
                call(
                        new ModelRequest(
                                model.id(),
                                built.system(),
                                built.messages(),
                                List.of(),
                                generation,
                                settings.timeouts(),
                                input.script()),
                        built.report().tokens());
            }
        }
    }

    /**
     * Records what calls of lost attempts took. Returns the checkpoint of a complete answer, if one of them had it: then
     * nobody needs to ask the model again.
     */
    private Optional<TurnFact.TurnCheckpointed> accountForEarlierAttempts() throws AttemptLost {
        List<EarlierAttempt> earlier = turns.earlier(request);
        Optional<EarlierAttempt> complete = earlier.reversed().stream()
                .filter(it -> it.checkpoint()
                        .filter(found -> found.finishReason().isPresent())
                        .isPresent())
                .findFirst();
        for (EarlierAttempt attempt : earlier) {
            boolean reused = complete.filter(it -> it.equals(attempt)).isPresent();
            Billing billing = reused ? Billing.BILLED : Billing.LOST_ATTEMPT;
            for (TurnFact.TurnUsage used : attempt.accounted()) {
                report.used(new TurnFact.TurnUsage(
                        used.provider(),
                        used.model(),
                        used.call(),
                        used.attempt(),
                        used.billing() == Billing.BILLED ? billing : used.billing(),
                        used.estimated(),
                        used.usage()));
            }
            if (attempt.unaccountedCharacters() > 0) {
                report.used(lost(attempt));
            }
        }
        return complete.flatMap(EarlierAttempt::checkpoint);
    }

    private TurnFact.TurnUsage lost(EarlierAttempt attempt) {
        long output = Math.ceilDiv(attempt.unaccountedCharacters(), CHARACTERS_PER_TOKEN);
        return new TurnFact.TurnUsage(
                report.provider(),
                report.model(),
                attempt.unaccountedCall(),
                attempt.attempt(),
                Billing.LOST_ATTEMPT,
                true,
                new Usage(Optional.empty(), Optional.empty(), Optional.of(output), Optional.empty(), Optional.empty()));
    }

    /** Says once more what an earlier attempt had completely and could not end the turn with. */
    private void answerAgain(TurnFact.TurnCheckpointed done) throws AttemptLost {
        report.deltaCame();
        Optional<String> reasoning = done.message().reasoning();
        if (reasoning.isPresent()) {
            window.add(new ModelDelta.Reasoning(reasoning.get()));
        }
        if (!done.message().text().isEmpty()) {
            window.add(new ModelDelta.Text(done.message().text()));
        }
        for (int i = 0; i < done.message().toolCalls().size(); i++) {
            var call = done.message().toolCalls().get(i);
            window.add(new ModelDelta.ToolCall(i, call.id(), call.name(), call.arguments()));
        }
        window.flush();
        report.answer(done.message());
        report.complete(done.finishReason().orElseThrow());
    }

    /** The parts with a history that is small enough, summed up if it has to be. */
    private ContextParts compact(ContextParts parts, long limit) throws AttemptLost {
        Compactor compactor = new Compactor(limit * settings.compactionPercent() / 100, settings.compactionTurns());
        List<PastTurn> history = parts.history();
        int due = compactor.due(history);
        if (due == 0 || stop.reason().isPresent()) {
            return parts;
        }
        Optional<String> earlier = parts.summary();
        List<PastTurn> old = history.subList(0, due);
        Optional<String> byModel = sumUp(earlier, old);
        String summary = byModel.orElseGet(() -> Compactor.byRule(earlier, old));
        // What the log no longer has is at the beginning of the history, and summed up with it.
        Compaction compaction = new Compaction(
                summary,
                byModel.isPresent() ? CompactedBy.MODEL : CompactedBy.RULE,
                request.history().size() - (history.size() - due));
        ContextParts after = parts.compacted(summary, history.subList(due, history.size()));
        report.compacted(compaction);
        report.say(new TurnFact.ContextCompacted(compaction, parts.historyTokens(), after.historyTokens()));
        return after;
    }

    /** A summary by the model; nothing if it cannot. The scripted provider says what its script says, and sums up nothing. */
    private Optional<String> sumUp(Optional<String> earlier, List<PastTurn> old) throws AttemptLost {
        if (provider.family() == ProviderFamily.SCRIPTED) {
            return Optional.empty();
        }
        ModelRequest question = ModelRequest.of(model.id(), Compactor.question(earlier, old))
                .withSettings(GenerationSettings.unset()
                        .withMaxOutputTokens(Math.min(SUMMARY_TOKENS, model.maxOutputTokens())))
                .withTimeouts(settings.timeouts());
        Answer answer = new Answer();
        CallEnd end = run(provider.start(question), delta -> {
            boolean _ = answer.add(delta);
        });
        return switch (end) {
            case CallEnd.Finished finished -> {
                report.used(usage(Converted.usage(finished.usage()), false));
                String text = answer.message().text().strip();
                yield text.isEmpty() ? Optional.empty() : Optional.of(text);
            }
            case CallEnd.Failed failed -> withoutSummary(failed.partial());
            case CallEnd.Canceled canceled -> withoutSummary(canceled.partial());
        };
    }

    private Optional<String> withoutSummary(Optional<io.tailrace.turn.provider.Usage> told) throws AttemptLost {
        Optional<Usage> partial = told.map(Converted::usage).filter(it -> !it.equals(Usage.NONE));
        if (partial.isPresent()) {
            report.used(usage(partial.get(), false));
        }
        return Optional.empty();
    }

    private void call(ModelRequest asked, long contextTokens) throws AttemptLost {
        Answer answer = new Answer();
        ProviderCall call = provider.start(asked);
        boolean[] tooLarge = {false};
        CallEnd end = run(call, delta -> {
            if (!tooLarge[0] && answer.add(delta)) {
                report.deltaCame();
                window.add(delta);
            } else {
                tooLarge[0] = true;
                call.cancel();
            }
        });
        window.flush();
        report.answer(answer.message());
        switch (end) {
            case CallEnd.Finished finished -> {
                TurnFact.FinishReason reason = Converted.reason(finished.reason());
                report.used(usage(Converted.usage(finished.usage()), false));
                report.checkpoint(calls, Optional.of(reason));
                report.complete(reason);
            }
            case CallEnd.Failed failed -> {
                cutOff(failed.partial().map(Converted::usage), answer, contextTokens);
                metrics.failed(failed.failure().code().text());
                report.fail(Converted.failure(failed.failure()));
            }
            case CallEnd.Canceled canceled -> {
                if (!tooLarge[0] && stop.reason().equals(Optional.of(StopReason.SHUTDOWN))) {
                    return;
                }
                cutOff(canceled.partial().map(Converted::usage), answer, contextTokens);
                report.fail(tooLarge[0] ? tooLarge() : canceled());
            }
        }
    }

    private static TurnFailure tooLarge() {
        return new TurnFailure(
                "answer_too_large",
                "The answer is larger than " + Answer.MAX_BYTES + " bytes; what came until then is kept. Limit it by"
                        + " max_output_tokens.",
                false,
                Map.of("max_bytes", Integer.toString(Answer.MAX_BYTES)));
    }

    private static TurnFailure canceled() {
        return new TurnFailure(TurnFailure.CANCELED, "Canceled; what came until then is kept.", true, Map.of());
    }

    /** What a call took that did not come to its end: as the provider told it, or estimated from the texts. */
    private void cutOff(Optional<Usage> told, Answer answer, long contextTokens) throws AttemptLost {
        if (told.filter(it -> !it.equals(Usage.NONE)).isPresent()) {
            report.used(usage(told.get(), false));
        } else if (answer.hasBegun()) {
            long output = Math.ceilDiv(answer.characters(), CHARACTERS_PER_TOKEN);
            report.used(usage(
                    new Usage(
                            Optional.of(contextTokens),
                            Optional.empty(),
                            Optional.of(output),
                            Optional.empty(),
                            Optional.of(contextTokens + output)),
                    true));
        }
        report.checkpoint(calls, Optional.empty());
    }

    private TurnFact.TurnUsage usage(Usage usage, boolean estimated) {
        return new TurnFact.TurnUsage(
                report.provider(), report.model(), calls, request.attempt(), Billing.BILLED, estimated, usage);
    }

    private interface Taking {
        void take(ModelDelta delta) throws AttemptLost;
    }

    /** Carries a loss of the attempt through the provider's code. */
    private static final class Lost extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final AttemptLost cause;

        Lost(AttemptLost cause) {
            super(cause);
            this.cause = cause;
        }
    }

    private CallEnd run(ProviderCall call, Taking taking) throws AttemptLost {
        calls++;
        stop.whenStopped(call::cancel);
        try {
            CallEnd end = call.run(delta -> {
                try {
                    taking.take(delta);
                } catch (AttemptLost e) {
                    throw new Lost(e);
                }
            });
            metrics.called(provider.id());
            return end;
        } catch (Lost e) {
            throw e.cause;
        }
    }
}
