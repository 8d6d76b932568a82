package io.tailrace.turn.provider;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Where credentials come from. Safe from any thread if its source is.
 *
 * @param source a variable's value by its name, as {@code name -> Optional.ofNullable(System.getenv(name))}
 */
public record Environment(Function<String, Optional<String>> source) {

    /** Of these variables and no others. */
    public static Environment of(Map<String, String> variables) {
        Map<String, String> copy = Map.copyOf(variables);
        return new Environment(name -> Optional.ofNullable(copy.get(name)));
    }

    /** A credential, without spaces around it; empty if it is not set, or cannot be one because of what it is made of. */
    public Optional<String> credential(String name) {
        return source.apply(name)
                .map(String::strip)
                .filter(value -> !value.isEmpty() && value.chars().allMatch(c -> c > ' ' && c < 0x7f));
    }
}
