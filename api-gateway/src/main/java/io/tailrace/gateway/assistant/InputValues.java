package io.tailrace.gateway.assistant;

import io.tailrace.events.plan.Fields;
import io.tailrace.events.plan.InvalidInput;
import io.tailrace.events.plan.PromptText;
import io.tailrace.events.text.Excerpt;
import io.tailrace.gateway.assistant.AssistantDocument.Input;
import io.tailrace.gateway.assistant.AssistantDocument.Prompt;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The values of an assistant's inputs, as text. Immutable.
 *
 * @param values of those that are known, by name; an input that may be left out and is left out is empty
 * @param missing required, and not there
 */
record InputValues(Map<String, String> values, List<String> missing) {
    /** Bytes in UTF-8 of all prompts' texts with these values in them. The plan has to fit into a record of the log. */
    static final int MAX_TEXT_BYTES = 400 * 1024;

    private static final String INPUTS = "inputs";

    InputValues {
        values = Map.copyOf(values);
        missing = List.copyOf(missing);
    }

    /**
     * Reads an untrusted object of values. What is wrong with them goes into the findings; what is missing does not.
     *
     * @throws InvalidInput if it is no object
     */
    static InputValues read(AssistantDocument document, @Nullable Object tree, Findings findings) throws InvalidInput {
        Map<?, ?> given = given(tree);
        Map<String, String> values = new LinkedHashMap<>();
        List<String> missing = new ArrayList<>();
        for (Input input : document.inputs()) {
            Object value = given.get(input.name());
            if (value != null) {
                findings.attempt(() -> input.text(path(input.name()), value))
                        .ifPresent(it -> values.put(input.name(), it));
            } else if (input.value().isPresent()) {
                values.put(input.name(), input.value().get());
            } else if (input.required()) {
                missing.add(input.name());
            } else {
                values.put(input.name(), "");
            }
        }
        for (Object name : given.keySet()) {
            if (document.inputs().stream().noneMatch(it -> it.name().equals(name))) {
                findings.error(
                        path(shown(name)),
                        "unknown_input",
                        "Known are: "
                                + String.join(
                                        ", ",
                                        document.inputs().stream()
                                                .map(Input::name)
                                                .toList()));
            }
        }
        InputValues all = new InputValues(values, missing);
        if (all.bytes(document) > MAX_TEXT_BYTES) {
            findings.error(
                    INPUTS,
                    "too_large",
                    "All prompts' texts together, with the inputs in them, have more than " + MAX_TEXT_BYTES
                            + " bytes");
        }
        return all;
    }

    private static Map<?, ?> given(@Nullable Object tree) throws InvalidInput {
        if (tree == null) {
            return Map.of();
        }
        if (tree instanceof Map<?, ?> map) {
            return map;
        }
        // Says what it is instead.
        var _ = Fields.of(INPUTS, tree, java.util.Set.of());
        throw new IllegalStateException("an object is a map");
    }

    /** Where the value of an input stands in a request. */
    static String path(String input) {
        return INPUTS + "." + input;
    }

    private static String shown(Object name) {
        return Excerpt.printable(String.valueOf(name), 64);
    }

    /** Counted, not put together: a short text can name a long value very often. */
    private long bytes(AssistantDocument document) {
        Map<String, Integer> sizes = new LinkedHashMap<>();
        values.forEach((name, value) -> sizes.put(name, size(value)));
        long bytes = 0;
        for (Prompt prompt : document.prompts()) {
            for (PromptText text : texts(prompt)) {
                for (PromptText.Part part : text.parts()) {
                    bytes += switch (part) {
                        case PromptText.Part.Literal(String literal) -> size(literal);
                        case PromptText.Part.Reference(String name) -> sizes.getOrDefault(name, size(name));
                    };
                }
            }
        }
        return bytes;
    }

    private static int size(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static List<PromptText> texts(Prompt prompt) {
        List<PromptText> texts = new ArrayList<>();
        texts.add(PromptText.ofAssistant(prompt.step().text()));
        prompt.step().system().map(PromptText::ofAssistant).ifPresent(texts::add);
        return texts;
    }

    /** A text with all that is known in it; what is not known stays as it is written. */
    String resolve(String text) {
        return PromptText.ofAssistant(text)
                .render(name -> Optional.ofNullable(values.get(name)).orElse("{{" + name + "}}"));
    }
}
