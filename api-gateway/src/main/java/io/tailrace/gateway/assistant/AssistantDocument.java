package io.tailrace.gateway.assistant;

import io.tailrace.events.plan.AssistantRun;
import io.tailrace.events.plan.InvalidInput;
import io.tailrace.events.plan.PromptStep;
import io.tailrace.events.plan.Retrieval;
import io.tailrace.events.plan.Retrieval.SearchType;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A definition in which nothing is wrong. Immutable. */
record AssistantDocument(
        Optional<String> title, List<Input> inputs, List<Prompt> prompts, List<AssistantRun.Output> outputs) {
    AssistantDocument {
        inputs = List.copyOf(inputs);
        prompts = List.copyOf(prompts);
        outputs = List.copyOf(outputs);
    }

    /**
     * What a run is given.
     *
     * @param options of a choice; empty for other types
     * @param value the default, as text
     */
    record Input(String name, InputType type, boolean required, List<String> options, Optional<String> value) {
        /** Bytes of a value in UTF-8. */
        static final int MAX_VALUE_BYTES = 32 * 1024;

        Input {
            options = List.copyOf(options);
        }

        Input withDefault(String text) {
            return new Input(name, type, false, options, Optional.of(text));
        }

        /**
         * A value as text.
         *
         * @param path where it stands
         */
        String text(String path, Object given) throws InvalidInput {
            String text = type.text(given)
                    .orElseThrow(() -> new InvalidInput("wrong_type", path, "It must be " + type.wanted()));
            if (text.indexOf('\0') >= 0) {
                throw new InvalidInput("invalid_value", path, "NUL characters are not allowed");
            }
            if (text.getBytes(StandardCharsets.UTF_8).length > MAX_VALUE_BYTES) {
                throw new InvalidInput("too_large", path, "At most " + MAX_VALUE_BYTES + " bytes are allowed");
            }
            if (type == InputType.CHOICE && !options.contains(text)) {
                throw new InvalidInput("not_an_option", path, "Options are: " + String.join(", ", options));
            }
            return text;
        }
    }

    /**
     * A prompt.
     *
     * @param step without variables, repositories and tools
     * @param cacheFor present if it may take an answer that the same question got no longer ago
     */
    record Prompt(
            int id,
            PromptStep step,
            Optional<Knowledge> knowledge,
            Optional<Toolbox> toolbox,
            Optional<Duration> cacheFor) {
        String name() {
            return step.name().orElseThrow();
        }
    }

    /** What is searched, for a prompt or by a tool. */
    record Knowledge(List<Source> sources, Optional<SearchType> searchType, int maxChunks, int maxTokens) {
        Knowledge {
            sources = List.copyOf(sources);
        }

        /** The same of repositories as they are at another time. */
        static Knowledge of(Retrieval retrieval) {
            return new Knowledge(
                    retrieval.sources().stream()
                            .map(it -> new Source(it.id(), it.repository()))
                            .toList(),
                    Optional.of(retrieval.searchType()),
                    retrieval.maxChunks(),
                    retrieval.maxTokens());
        }
    }

    /** A repository under the number that the author gave it. */
    record Source(int id, String repository) {}
}
