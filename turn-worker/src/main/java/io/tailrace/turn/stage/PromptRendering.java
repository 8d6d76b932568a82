package io.tailrace.turn.stage;

import io.tailrace.events.plan.PromptText;
import io.tailrace.turn.context.ContextBuilder;
import io.tailrace.turn.context.ContextParts;
import java.util.Optional;

/** Puts what they refer to into the texts of a prompt. Pure. */
final class PromptRendering {
    /** No provider takes more in one request, and a worker has many turns in memory: 16 million characters. */
    private static final long MAX_TOKENS = 4_000_000;

    private PromptRendering() {}

    /**
     * The context of a prompt: its system text and its text, and no history.
     *
     * @param model as people know it
     * @param limit how many tokens the context may have
     * @throws Unanswerable when a reference stands for nothing, or the texts are blank or too long. A text can refer to a
     *     large result thousands of times, so its length is known before it is made
     */
    static ContextParts render(TurnQuestion.PlanPrompt prompt, PromptVariables variables, String model, long limit)
            throws Unanswerable {
        PromptText text = prompt.step().template();
        Optional<PromptText> system = prompt.step().systemTemplate();
        long tokens = tokens(text, variables);
        if (system.isPresent()) {
            tokens += tokens(system.get(), variables);
        }
        long most = Math.min(limit, MAX_TOKENS);
        if (tokens > most) {
            throw Unanswerable.tooLong(prompt, model, tokens, most);
        }
        String rendered = rendered(text, variables);
        if (rendered.isBlank()) {
            throw Unanswerable.blank();
        }
        Optional<String> before =
                system.isPresent() ? Optional.of(rendered(system.get(), variables)) : Optional.empty();
        return ContextParts.ofPrompt(before.filter(it -> !it.isBlank()), rendered);
    }

    private static long tokens(PromptText text, PromptVariables variables) throws Unanswerable {
        long characters = 0;
        for (PromptText.Part part : text.parts()) {
            characters += switch (part) {
                case PromptText.Part.Literal(String literal) -> literal.length();
                case PromptText.Part.Reference(String name) ->
                    variables.text(name).length();
            };
        }
        return ContextBuilder.tokensOf(characters);
    }

    private static String rendered(PromptText text, PromptVariables variables) throws Unanswerable {
        StringBuilder rendered = new StringBuilder();
        for (PromptText.Part part : text.parts()) {
            rendered.append(
                    switch (part) {
                        case PromptText.Part.Literal(String literal) -> literal;
                        case PromptText.Part.Reference(String name) -> variables.text(name);
                    });
        }
        return rendered.toString();
    }
}
