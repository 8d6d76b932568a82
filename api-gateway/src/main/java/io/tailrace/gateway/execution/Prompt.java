package io.tailrace.gateway.execution;

import io.tailrace.events.plan.AssistantPrompt;
import io.tailrace.events.plan.Plan;
import io.tailrace.events.plan.PromptStep;
import io.tailrace.events.plan.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What an execution's events say of one of its prompts.
 *
 * @param id as the assistant's author chose it
 */
record Prompt(int id, String name, boolean hasKnowledge, boolean hasTools) {
    /** The prompts of an assistant's plan, in its order; empty if the plan is no assistant's. */
    static List<Prompt> of(Plan plan) {
        List<Prompt> prompts = new ArrayList<>();
        if (plan.assistant().isPresent()) {
            for (Step step : plan.steps()) {
                prompts.add(of(step, prompts.size() + 1));
            }
        }
        return prompts;
    }

    /** A step that is none of an author's prompts is known by its number. */
    private static Prompt of(Step step, int number) {
        String name = step.name().orElse(Integer.toString(number));
        if (step instanceof PromptStep prompt) {
            Optional<Integer> id = prompt.assistant().map(AssistantPrompt::id);
            return new Prompt(
                    id.orElse(number),
                    name,
                    prompt.retrieval().isPresent(),
                    prompt.toolUse().isPresent());
        }
        return new Prompt(number, name, false, false);
    }
}
