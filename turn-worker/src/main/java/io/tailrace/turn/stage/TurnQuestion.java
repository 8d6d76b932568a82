package io.tailrace.turn.stage;

import io.tailrace.events.id.TurnId;
import io.tailrace.events.plan.AssistantPrompt;
import io.tailrace.events.plan.ChatPlan;
import io.tailrace.events.plan.Generation;
import io.tailrace.events.plan.ModelChoice;
import io.tailrace.events.plan.PromptStep;
import io.tailrace.events.plan.ReusedAnswer;
import io.tailrace.events.plan.ToolUse;
import io.tailrace.events.plan.TurnInput;
import io.tailrace.events.work.StepResult;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What a turn asks of a model. Where it comes from decides what stands before it. */
sealed interface TurnQuestion {

    /** What the model is to answer. */
    String text();

    /** The text that the context begins with. */
    Optional<String> system();

    ModelChoice model();

    /** What was asked for; the model's defaults complete it. */
    Generation generation();

    /** For the scripted provider alone: what it answers, as JSON. */
    Optional<String> script();

    /** The turn that this one repeats. */
    Optional<TurnId> retryOf();

    /** An answer that is there already: then no model is asked. */
    Optional<ReusedAnswer> reused();

    /** How old an answer to the same question may be that is taken instead of asking the model. */
    Optional<Duration> cacheFor();

    /** What the model may call while it answers. */
    Optional<ToolUse> toolUse();

    /**
     * A prompt of a plan: nothing stands before it, and its texts refer to results of earlier steps, or to variables. What is recorded of
     * the turn has the texts as the plan has them: results stay where they lie.
     */
    record PlanPrompt(PromptStep step, List<StepResult> results) implements TurnQuestion {
        public PlanPrompt {
            results = List.copyOf(results);
        }

        @Override
        public String text() {
            return step.text();
        }

        @Override
        public Optional<String> system() {
            return step.system();
        }

        @Override
        public ModelChoice model() {
            return step.model();
        }

        @Override
        public Generation generation() {
            return step.generation();
        }

        @Override
        public Optional<String> script() {
            return step.script();
        }

        @Override
        public Optional<TurnId> retryOf() {
            return Optional.empty();
        }

        @Override
        public Optional<ReusedAnswer> reused() {
            return step.assistant().flatMap(AssistantPrompt::reused);
        }

        @Override
        public Optional<Duration> cacheFor() {
            return step.assistant().flatMap(AssistantPrompt::cacheFor);
        }

        @Override
        public Optional<ToolUse> toolUse() {
            return step.toolUse();
        }
    }

    /** A message of a chat: the turns of the chat before it are its history. */
    record ChatMessage(ChatPlan chat, TurnInput input) implements TurnQuestion {
        @Override
        public String text() {
            return input.text();
        }

        @Override
        public Optional<String> system() {
            return chat.system();
        }

        @Override
        public ModelChoice model() {
            return input.model().orElse(chat.model());
        }

        @Override
        public Generation generation() {
            return input.generation().map(it -> it.over(chat.generation())).orElse(chat.generation());
        }

        @Override
        public Optional<String> script() {
            return input.script();
        }

        @Override
        public Optional<TurnId> retryOf() {
            return input.retryOf();
        }

        @Override
        public Optional<ReusedAnswer> reused() {
            return Optional.empty();
        }

        @Override
        public Optional<Duration> cacheFor() {
            return Optional.empty();
        }

        @Override
        public Optional<ToolUse> toolUse() {
            return Optional.empty();
        }
    }
}
