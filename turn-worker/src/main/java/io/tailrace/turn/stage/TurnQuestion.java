package io.tailrace.turn.stage;

import io.tailrace.events.id.TurnId;
import io.tailrace.events.plan.ChatPlan;
import io.tailrace.events.plan.Generation;
import io.tailrace.events.plan.ModelChoice;
import io.tailrace.events.plan.TurnInput;
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
    }
}
