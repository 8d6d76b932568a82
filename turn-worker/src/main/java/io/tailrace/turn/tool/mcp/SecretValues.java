package io.tailrace.turn.tool.mcp;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Hides the values of variables in texts: what a server repeats of its secrets reaches no model and no log. Immutable. */
final class SecretValues implements UnaryOperator<String> {
    /** Hiding less would hide ordinary text. */
    private static final int SHORTEST = 6;

    private final List<String> values;

    SecretValues(Collection<String> names, Map<String, String> environment) {
        this.values = names.stream()
                .map(name -> environment.getOrDefault(name, "").strip())
                .filter(value -> value.length() >= SHORTEST)
                .sorted(Comparator.comparingInt(String::length).reversed())
                .toList();
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
