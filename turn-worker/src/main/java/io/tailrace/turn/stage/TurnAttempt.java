package io.tailrace.turn.stage;

import io.tailrace.events.log.LogPosition;
import io.tailrace.events.plan.Retrieval;
import io.tailrace.events.plan.ToolUse;
import io.tailrace.events.stage.TurnFact;
import io.tailrace.events.work.TurnRequest;
import io.tailrace.turn.answer.QuestionDigest;
import io.tailrace.turn.context.ContextBuilder;
import io.tailrace.turn.context.ContextParts;
import io.tailrace.turn.knowledge.Knowledge;
import io.tailrace.turn.knowledge.RetrievalRefused;
import io.tailrace.turn.knowledge.Retrieved;
import io.tailrace.turn.provider.Capability;
import io.tailrace.turn.provider.GenerationSettings;
import io.tailrace.turn.provider.ModelDefinition;
import io.tailrace.turn.provider.ModelRequest;
import io.tailrace.turn.provider.ProviderLookup;
import io.tailrace.turn.provider.ToolDefinition;
import io.tailrace.turn.tool.ToolExecution;
import io.tailrace.worker.attempt.AttemptLost;
import io.tailrace.worker.attempt.StopSignal;
import io.tailrace.worker.result.StepResults;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/** One attempt at one turn whose model is there: the order of its parts. Used once, on the stage's thread. */
final class TurnAttempt {
    private final TurnRequest request;
    private final TurnQuestion question;
    private final ModelDefinition model;
    private final RecordedRounds paused;
    private final TurnLog turns;
    private final StepResults results;
    private final Knowledge knowledge;
    private final AnswerCache cache;
    private final ToolExecution tools;
    private final TurnSettings settings;
    private final LongSupplier nanoTime;
    private final TurnReport report;
    private final StopSignal stop;
    private final ModelCalls calls;
    private final HistoryCompaction compaction;
    private final AnswerCall answer;
    private final TurnEnding ending;

    /** @param paused the rounds of the stages in which the turn was paused */
    TurnAttempt(
            TurnRequest request,
            TurnQuestion question,
            ProviderLookup.Found target,
            RecordedRounds paused,
            TurnLog turns,
            StepResults results,
            Knowledge knowledge,
            AnswerCache cache,
            ToolExecution tools,
            TurnSettings settings,
            DeltaWindow window,
            TurnReport report,
            StopSignal stop,
            TurnMetrics metrics,
            LongSupplier nanoTime) {
        this.request = request;
        this.question = question;
        this.model = target.model();
        this.paused = paused;
        this.turns = turns;
        this.results = results;
        this.knowledge = knowledge;
        this.cache = cache;
        this.tools = tools;
        this.settings = settings;
        this.nanoTime = nanoTime;
        this.report = report;
        this.stop = stop;
        this.calls = new ModelCalls(target.provider(), request.attempt(), report, stop, metrics);
        this.compaction = new HistoryCompaction(target, settings, calls, report);
        this.answer = new AnswerCall(target.provider(), calls, window, report);
        this.ending = new TurnEnding(calls, report, stop, metrics);
    }

    private boolean goesOn() {
        return paused.count() > 0;
    }

    /** Says what the model is asked with, unless the turn was paused: then the stage that it began in has said it. */
    private void tell(TurnFact fact) throws AttemptLost {
        if (!goesOn()) {
            report.say(fact);
        }
    }

    /** Answers the turn, and ends it unless it waits or is to be given back. */
    void execute() throws AttemptLost {
        LostAttempts lost = new LostAttempts(turns.earlier(request), paused, report);
        lost.account();
        Optional<ToolLoop> loop = question.toolUse().map(it -> loop(it, lost.rounds()));
        Optional<TurnFact.TurnCheckpointed> done = lost.completeAnswer();
        if (done.isPresent()) {
            if (loop.isPresent()) {
                loop.get().sayAgain();
            }
            ending.again(done.get(), answer);
            return;
        }
        try {
            ask(loop);
        } catch (Unanswerable e) {
            report.fail(e.failure());
        }
    }

    /** Ends the turn with an answer that the same question got shortly before, if there is one. */
    private boolean answeredBefore(String digest) throws AttemptLost {
        if (stop.reason().isPresent()) {
            return false;
        }
        Optional<AnswerCache.Hit> hit =
                cache.find(request, digest, question.cacheFor().orElseThrow(), stop);
        if (hit.isPresent()) {
            report.say(new TurnFact.AnswerReused(hit.get().reused()));
            report.completeAsBefore(hit.get().answer());
        }
        return hit.isPresent();
    }

    private void ask(Optional<ToolLoop> loop) throws AttemptLost, Unanswerable {
        if (loop.isPresent() && !model.capabilities().contains(Capability.TOOLS)) {
            throw Unanswerable.withoutTools(model.id());
        }
        List<ToolDefinition> offered =
                question.toolUse().map(it -> tools.offer(it, stop)).orElse(List.of());
        GenerationSettings generation = model.complete(ProviderMapping.settings(question.generation()));
        ContextBuilder builder = new ContextBuilder(
                model.contextWindowTokens(),
                tokens(offered)
                        + generation
                                .maxOutputTokens()
                                .orElse(Math.min(settings.defaultReserve(), model.maxOutputTokens())));
        ContextBuilder.Built context = context(builder);
        tell(context.report());
        ModelRequest asked = asked(context, generation, offered);
        // An answer that a person's word or a build went into is nobody else's.
        Optional<String> digest = question.cacheFor()
                .filter(_ -> !goesOn())
                .map(_ -> QuestionDigest.of(report.provider(), asked, question.toolUse()));
        boolean begun = loop.filter(ToolLoop::hasBegun).isPresent();
        if (digest.isPresent() && !begun && answeredBefore(digest.get())) {
            return;
        }
        report.checkpoint(calls.made(), Optional.empty());
        long tokens = context.report().tokens();
        Optional<LogPosition> end = loop.isPresent()
                ? loop.get().answer(asked, tokens, builder.limit())
                : ending.after(answer.ask(asked), tokens);
        if (digest.isPresent() && end.isPresent()) {
            cache.keep(request, digest.get(), end.get());
        }
    }

    private ToolLoop loop(ToolUse use, RecordedRounds recorded) {
        PauseAnswers answers = new PauseAnswers(request, turns, use.maxResultBytes(), stop);
        ToolRounds rounds =
                new ToolRounds(request, use, tools, recorded, turns.standing(request), answers, report, stop, nanoTime);
        return new ToolLoop(use, recorded, rounds, calls, answer, ending, report, stop);
    }

    private static long tokens(List<ToolDefinition> tools) {
        return tools.stream()
                .mapToLong(it -> ContextBuilder.tokensOf(it.name().length()
                        + it.description().length()
                        + it.parameters().length()))
                .sum();
    }

    private ContextBuilder.Built context(ContextBuilder builder) throws AttemptLost, Unanswerable {
        return switch (builder.build(parts(builder.limit()))) {
            case ContextBuilder.Built built -> built;
            case ContextBuilder.Overflow(long tokens, long limit) ->
                throw Unanswerable.tooLong(question, report.model(), tokens, limit);
        };
    }

    /** All that the context is made of, the history summed up if it has to be. */
    private ContextParts parts(long limit) throws AttemptLost, Unanswerable {
        return switch (question) {
            case TurnQuestion.ChatMessage message -> {
                TurnLog.History history = turns.history(request);
                ContextParts parts =
                        ContextParts.ofChat(message.system(), history.turns(), history.unreadable(), message.text());
                yield stop.reason().isPresent()
                        ? parts
                        : compaction.compact(parts, limit, request.history().size());
            }
            case TurnQuestion.PlanPrompt prompt -> parts(prompt, limit);
        };
    }

    private ContextParts parts(TurnQuestion.PlanPrompt prompt, long limit) throws AttemptLost, Unanswerable {
        PromptVariables variables = PromptVariables.read(request.runId(), prompt, results);
        Optional<TurnFact.VariablesSubstituted> substituted = variables.fact();
        if (substituted.isPresent()) {
            tell(substituted.get());
        }
        ContextParts rendered = PromptRendering.render(prompt, variables, report.model(), limit);
        Optional<Retrieval> retrieval = prompt.step().retrieval();
        return retrieval.isPresent() ? told(rendered, retrieval.get(), limit) : rendered;
    }

    /** With what repositories have, as far as there is room for it; an attempt that has to stop is told nothing. */
    private ContextParts told(ContextParts parts, Retrieval retrieval, long limit) throws AttemptLost, Unanswerable {
        tell(new TurnFact.KnowledgeRetrievalStarted(
                retrieval.sources().stream()
                        .map(it -> new TurnFact.AskedRepository(it.id(), it.repository(), it.version()))
                        .toList(),
                retrieval.searchType()));
        long room = limit
                - ContextBuilder.tokensOf(parts.userMessage().length())
                - ContextBuilder.tokensOf(parts.system().map(String::length).orElse(0));
        try {
            Optional<Retrieved> found =
                    knowledge.retrieve(request.workspace(), retrieval, parts.userMessage(), room, stop);
            if (found.isEmpty()) {
                return parts;
            }
            tell(found.get().fact());
            return parts.told(found.get().passages());
        } catch (RetrievalRefused e) {
            throw Unanswerable.without(e);
        }
    }

    private ModelRequest asked(
            ContextBuilder.Built context, GenerationSettings generation, List<ToolDefinition> offered) {
        return new ModelRequest(
                model.id(),
                context.system(),
                context.messages(),
                offered,
                generation,
                settings.timeouts(),
                question.script());
    }
}
