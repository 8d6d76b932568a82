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
 * A text that may refer to other texts. In a plan: to the results of earlier steps, <code>{{steps.NAME.text}}</code>,
 * without spaces; every other <code>{{</code> stands for itself. In an assistant: to its variables, <code>{{NAME}}</code>,
 * with or without spaces inside; where two braces are to stand for themselves a backslash comes before them. Texts are put
 * in as they are, once: what looks like a reference in them is none. Immutable.
 */
public final class PromptText {
    /** What a step's name is like. */
    public static final String NAME = "[a-z][a-z0-9_-]{0,62}";

    private static final String BEGIN = "{{steps.";
    private static final Pattern REFERENCE = Pattern.compile("\\{\\{steps\\.(" + NAME + ")\\.text}}");

    /** What a variable's name is like: the name of a prompt, or of an input, which may have capitals. */
    public static final String VARIABLE = "[A-Za-z][A-Za-z0-9_-]{0,62}";

    private static final String BRACES = "{{";
    private static final Pattern VARIABLES =
            Pattern.compile("\\\\\\{\\{|\\{\\{[ \\t]{0,8}(" + VARIABLE + ")[ \\t]{0,8}}}");

    private final List<Part> parts;
    private final Optional<String> malformed;

    /** A part of the text. */
    public sealed interface Part {
        /** Text that stands for itself. */
        record Literal(String text) implements Part {}

        /** What has this name: a step's result, or an assistant's variable. */
        record Reference(String name) implements Part {}
    }

    private PromptText(List<Part> parts, Optional<String> malformed) {
        this.parts = List.copyOf(parts);
        this.malformed = malformed;
    }

    /** Reads any text of an assistant. */
    public static PromptText ofAssistant(String text) {
        List<Part> parts = new ArrayList<>();
        Optional<String> malformed = Optional.empty();
        StringBuilder literal = new StringBuilder();
        Matcher matcher = VARIABLES.matcher(text);
        int done = 0;
        while (matcher.find()) {
            String between = text.substring(done, matcher.start());
            malformed = malformed.or(() -> beginning(between, BRACES));
            literal.append(between);
            if (matcher.group(1) == null) {
                literal.append(BRACES);
            } else {
                flush(parts, literal);
                parts.add(new Part.Reference(matcher.group(1)));
            }
            done = matcher.end();
        }
        String rest = text.substring(done);
        malformed = malformed.or(() -> beginning(rest, BRACES));
        literal.append(rest);
        flush(parts, literal);
        return new PromptText(parts, malformed);
    }

    private static void flush(List<Part> parts, StringBuilder literal) {
        if (!literal.isEmpty()) {
            parts.add(new Part.Literal(literal.toString()));
            literal.setLength(0);
        }
    }

    /** Reads any text of a plan. */
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
        return beginning(text, BEGIN);
    }

    private static Optional<String> beginning(String text, String mark) {
        int begin = text.indexOf(mark);
        return begin < 0
                ? Optional.empty()
                : Optional.of(text.substring(begin, Math.min(text.length(), begin + 40))
                        .replaceAll("\\p{Cntrl}", "?"));
    }

    /** The parts, in order. */
    public List<Part> parts() {
        return parts;
    }

    /** The names referred to, each once, in the order of their first mention. */
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
