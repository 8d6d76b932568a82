package io.tailrace.events.plan;

import io.tailrace.events.id.AvroName;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What makes a step a prompt of an assistant: its texts are written with <code>{{variables}}</code>
 * ({@link PromptText#ofAssistant}).
 *
 * @param id its number, as its author chose it
 * @param variables what its texts refer to, each once, in the order of their first mention
 * @param reused present if it takes an answer that is there already
 * @param cacheFor present if it may take an answer that the same question got no longer ago
 */
@AvroName(namespace = "io.tailrace.events.plan")
public record AssistantPrompt(
        int id, List<Variable> variables, Optional<ReusedAnswer> reused, Optional<Duration> cacheFor) {
    public AssistantPrompt {
        variables = List.copyOf(variables);
    }

    /**
     * A variable: an input, or the answer of an earlier prompt.
     *
     * @param value of an input
     * @param step the step whose answer it is
     */
    public record Variable(String name, Optional<String> value, Optional<String> step) {
        /** @throws IllegalArgumentException if it is both or neither */
        public Variable {
            if (value.isPresent() == step.isPresent()) {
                throw new IllegalArgumentException("a variable is an input or an answer: " + name);
            }
        }

        /** An input with this value. */
        public static Variable input(String name, String value) {
            return new Variable(name, Optional.of(value), Optional.empty());
        }

        /** The answer of the step that has the variable's name. */
        public static Variable answer(String step) {
            return new Variable(step, Optional.empty(), Optional.of(step));
        }
    }
}
