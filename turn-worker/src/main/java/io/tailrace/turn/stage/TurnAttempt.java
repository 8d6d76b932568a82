package io.tailrace.turn.stage;

import io.tailrace.events.turn.TurnFact;
import io.tailrace.events.turn.TurnFailure;
import io.tailrace.events.work.TurnRequest;
import io.tailrace.turn.context.ContextBuilder;
import io.tailrace.turn.context.ContextParts;
import io.tailrace.turn.provider.GenerationSettings;
import io.tailrace.turn.provider.ModelDefinition;
import io.tailrace.turn.provider.ModelRequest;
import io.tailrace.turn.provider.ProviderLookup;
import io.tailrace.worker.attempt.AttemptLost;
import io.tailrace.worker.attempt.StopSignal;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One attempt at one turn whose model is there: the order of its parts. Used once, on the stage's thread. */
final class TurnAttempt {
    private final TurnRequest request;
    private final TurnQuestion question;
    private final ModelDefinition model;
    private final TurnLog turns;
    private final TurnSettings settings;
    private final DeltaWindow window;
    private final TurnReport report;
    private final StopSignal stop;
    private final ModelCalls calls;
    private final HistoryCompaction compaction;
    private final AnswerCall answer;
    private final TurnEnding ending;

    TurnAttempt(
            TurnRequest request,
            TurnQuestion question,
            ProviderLookup.Found target,
            TurnLog turns,
            TurnSettings settings,
            DeltaWindow window,
            TurnReport report,
            StopSignal stop,
            TurnMetrics metrics) {
        this.request = request;
        this.question = question;
        this.model = target.model();
        this.turns = turns;
        this.settings = settings;
        this.window = window;
        this.report = report;
        this.stop = stop;
        this.calls = new ModelCalls(target.provider(), request.attempt(), report, stop, metrics);
        this.compaction = new HistoryCompaction(target, settings, calls, report);
        this.answer = new AnswerCall(target.provider(), calls, window, report);
        this.ending = new TurnEnding(calls, report, stop, metrics);
    }

    /** Answers the turn, and ends it unless it is to be given back. */
    void execute() throws AttemptLost {
        LostAttempts lost = new LostAttempts(turns.earlier(request), report);
        lost.account();
        Optional<TurnFact.TurnCheckpointed> done = lost.completeAnswer();
        if (done.isPresent()) {
            ending.again(done.get(), window);
            return;
        }
        GenerationSettings generation = model.complete(ProviderMapping.settings(question.generation()));
        ContextBuilder builder = new ContextBuilder(
                model.contextWindowTokens(),
                generation.maxOutputTokens().orElse(Math.min(settings.defaultReserve(), model.maxOutputTokens())));
        switch (builder.build(parts(builder.limit()))) {
            case ContextBuilder.Overflow overflow -> report.fail(tooLong(overflow));
            case ContextBuilder.Built built -> {
                report.say(built.report());
                report.checkpoint(calls.made(), Optional.empty());
                ending.after(
                        answer.ask(asked(built, generation)), built.report().tokens());
            }
        }
    }

    /** All that the context is made of, the history summed up if it has to be. */
    private ContextParts parts(long limit) throws AttemptLost {
        return switch (question) {
            case TurnQuestion.ChatMessage message -> {
                TurnLog.History history = turns.history(request);
                ContextParts parts =
                        ContextParts.ofChat(message.system(), history.turns(), history.unreadable(), message.text());
                yield stop.reason().isPresent()
                        ? parts
                        : compaction.compact(parts, limit, request.history().size());
            }
        };
    }

    private ModelRequest asked(ContextBuilder.Built context, GenerationSettings generation) {
        return new ModelRequest(
                model.id(),
                context.system(),
                context.messages(),
                List.of(),
                generation,
                settings.timeouts(),
                question.script());
    }

    private TurnFailure tooLong(ContextBuilder.Overflow overflow) {
        return new TurnFailure(
                "context_overflow",
                "The message and the system text have about " + overflow.tokens() + " tokens, and " + report.model()
                        + " takes " + overflow.limit()
                        + " besides its answer. Shorten the message, ask for fewer output"
                        + " tokens, or choose a model with a larger window.",
                false,
                Map.of("tokens", Long.toString(overflow.tokens()), "limit", Long.toString(overflow.limit())));
    }
}
