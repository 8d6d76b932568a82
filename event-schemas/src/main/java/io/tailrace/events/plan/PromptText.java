package io.tailrace.events.plan;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A text that may refer to the results of earlier steps: <code>{{steps.NAME.text}}</code>, without spaces. Every other
 * <code>{{</code> stands for itself. Results are put in as they are, once: what looks like a reference in a result is
 * none. Immutable.
 */
public final class PromptText {
    /** What a step's name is like. */
    static final String NAME = "[a-z][a-z0-9_-]{0,62}";

    private static final String BEGIN = "{{steps.";
    private static final Pattern REFERENCE = Pattern.compile("\\{\\{steps\\.(" + NAME + ")\\.text}}");

    private final List<Part> parts;
    private final Optional<String> malformed;

    /** A part of the text. */
    public sealed interface Part {
        /** Text that stands for itself. */
        record Literal(String text) implements Part {}

        /** The result of the step with this name. */
        record Reference(String name) implements Part {}
    }

    private PromptText(List<Part> parts, Optional<String> malformed) {
        this.parts = List.copyOf(parts);
        this.malformed = malformed;
    }

    /** Reads any text. */
    public static PromptText parse(String text) {
        List<Part> parts = new ArrayList<>();
        Optional<String> malformed = Optional.empty();
        Matcher matcher = REFERENCE.matcher(text);
        int done = 0;
        while (matcher.find()) {
            Optional<String> between = literal(parts, text.substring(done, matcher.start()));
            malformed = malformed.or(() -> between);
            parts.add(new Part.Reference(matcher.group(1)));
            done = matcher.end();
        }
        Optional<String> rest = literal(parts, text.substring(done));
        return new PromptText(parts, malformed.or(() -> rest));
    }

    /** Adds a literal part; returns what in it begins like a reference. */
    private static Optional<String> literal(List<Part> parts, String text) {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        parts.add(new Part.Literal(text));
        int begin = text.indexOf(BEGIN);
        return begin < 0
                ? Optional.empty()
                : Optional.of(text.substring(begin, Math.min(text.length(), begin + 40))
                        .replaceAll("\\p{Cntrl}", "?"));
    }

    /** The parts, in order. */
    public List<Part> parts() {
        return parts;
    }

    /** The names of the steps referred to, each once, in the order of their first mention. */
    public Set<String> references() {
        Set<String> names = new LinkedHashSet<>();
        for (Part part : parts) {
            if (part instanceof Part.Reference(String name)) {
                names.add(name);
            }
        }
        return names;
    }

    /** The beginning of the first thing that starts like a reference and is none; at most 40 characters. */
    public Optional<String> malformed() {
        return malformed;
    }

    /** The text with the results in it. */
    public String render(Function<String, String> results) {
        StringBuilder text = new StringBuilder();
        for (Part part : parts) {
            text.append(
                    switch (part) {
                        case Part.Literal(String literal) -> literal;
                        case Part.Reference(String name) -> results.apply(name);
                    });
        }
        return text.toString();
    }
}
