package io.tailrace.turn.tool.mcp;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Hides the values of variables in texts: what a server repeats of its secrets reaches no model and no log. Immutable. */
final class SecretValues implements UnaryOperator<String> {
    /** Hiding less would hide ordinary text. */
    private static final int SHORTEST = 6;

    private final List<String> values;

    SecretValues(Collection<String> names, Map<String, String> environment) {
        this.values = names.stream()
                .map(name -> environment.getOrDefault(name, "").strip())
                .flatMap(SecretValues::shapes)
                .filter(value -> value.length() >= SHORTEST)
                .distinct()
                .sorted(Comparator.comparingInt(String::length).reversed())
                .toList();
    }

    /** What it is written as: also without the scheme before it, as {@code Bearer}, and each as a text in JSON. */
    private static Stream<String> shapes(String value) {
        int blank = value.indexOf(' ');
        Stream<String> shapes = blank < 0
                ? Stream.of(value)
                : Stream.of(value, value.substring(blank).strip());
        return shapes.flatMap(it -> Stream.of(it, it.replace("\\", "\\\\").replace("\"", "\\\"")));
    }

    @Override
    public String apply(String text) {
        String hidden = text;
        for (String value : values) {
            hidden = hidden.replace(value, "***");
        }
        return hidden;
    }
}
