package io.tailrace.events.plan;

import io.tailrace.events.id.AvroName;
import io.tailrace.events.log.StageKind;
import java.util.List;
import java.util.Optional;

/**
 * What a run does: its steps one after another, or the turns of a chat as they come.
 *
 * @param chat present if the plan is open; there are no steps then
 * @param assistant present if the steps are an assistant's prompts
 */
@AvroName(namespace = "io.tailrace.events.plan")
public record Plan(List<Step> steps, Optional<ChatPlan> chat, Optional<AssistantRun> assistant) {
    /** @throws IllegalArgumentException if it has both */
    public Plan {
        steps = List.copyOf(steps);
        if (chat.isPresent() && !steps.isEmpty()) {
            throw new IllegalArgumentException("the plan of a chat is open: it has no steps");
        }
    }

    /** A plan that is known from the beginning. */
    public Plan(List<Step> steps) {
        this(steps, Optional.empty(), Optional.empty());
    }

    /** An assistant's plan. */
    public static Plan of(AssistantRun assistant, List<PromptStep> prompts) {
        return new Plan(List.copyOf(prompts), Optional.empty(), Optional.of(assistant));
    }

    /** The same with these steps in the place of its own. */
    public Plan withSteps(List<Step> others) {
        return new Plan(others, chat, assistant);
    }

    /** An open plan. */
    public static Plan of(ChatPlan chat) {
        return new Plan(List.of(), Optional.of(chat), Optional.empty());
    }

    /** The kind of its first stage. A plan without steps, which no run gets far with, is taken for one of builds. */
    public StageKind firstKind() {
        if (chat.isPresent()) {
            return StageKind.TURN;
        }
        return steps.isEmpty() ? StageKind.BUILD : steps.getFirst().kind();
    }
}
