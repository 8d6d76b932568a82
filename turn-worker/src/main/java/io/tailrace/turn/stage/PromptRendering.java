package io.tailrace.turn.stage;

import io.tailrace.events.id.RunId;
import io.tailrace.events.plan.PromptText;
import io.tailrace.events.work.StepResult;
import io.tailrace.turn.context.ContextBuilder;
import io.tailrace.turn.context.ContextParts;
import io.tailrace.worker.result.ResultUnavailable;
import io.tailrace.worker.result.StepResults;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Puts the results of earlier steps into the texts of a prompt. Safe from any thread; blocks while results are read. */
final class PromptRendering {
    /** No provider takes more in one request, and a worker has many turns in memory: 16 million characters. */
    private static final long MAX_TOKENS = 4_000_000;

    private final StepResults results;

    PromptRendering(StepResults results) {
        this.results = results;
    }

    /**
     * The context of a prompt: its system text and its text, and no history.
     *
     * @param model as people know it
     * @param limit how many tokens the context may have
     * @throws Unanswerable when a result is not there, or the texts with the results in them are blank or too long. A
     *     text can refer to a large result thousands of times, so its length is known before it is made
     */
    ContextParts render(RunId run, TurnQuestion.PlanPrompt prompt, String model, long limit) throws Unanswerable {
        Map<String, String> texts = read(run, prompt);
        PromptText text = PromptText.parse(prompt.text());
        Optional<PromptText> system = prompt.system().map(PromptText::parse);
        long tokens = tokens(text, texts);
        if (system.isPresent()) {
            tokens += tokens(system.get(), texts);
        }
        long most = Math.min(limit, MAX_TOKENS);
        if (tokens > most) {
            throw Unanswerable.tooLong(prompt, model, tokens, most);
        }
        String rendered = text.render(name -> texts.getOrDefault(name, ""));
        if (rendered.isBlank()) {
            throw Unanswerable.blank();
        }
        return ContextParts.ofPrompt(
                system.map(it -> it.render(name -> texts.getOrDefault(name, "")))
                        .filter(it -> !it.isBlank()),
                rendered);
    }

    private Map<String, String> read(RunId run, TurnQuestion.PlanPrompt prompt) throws Unanswerable {
        Map<String, String> texts = new HashMap<>();
        for (StepResult result : prompt.results()) {
            try {
                texts.put(result.step(), results.text(run, result));
            } catch (ResultUnavailable e) {
                throw Unanswerable.without(e);
            }
        }
        return texts;
    }

    private static long tokens(PromptText text, Map<String, String> texts) throws Unanswerable {
        long characters = 0;
        for (PromptText.Part part : text.parts()) {
            characters += switch (part) {
                case PromptText.Part.Literal(String literal) -> literal.length();
                case PromptText.Part.Reference(String name) -> {
                    String result = texts.get(name);
                    if (result == null) {
                        throw Unanswerable.without(name);
                    }
                    yield result.length();
                }
            };
        }
        return ContextBuilder.tokensOf(characters);
    }
}
