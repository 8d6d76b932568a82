package io.tailrace.events.plan;

import io.tailrace.events.text.Excerpt;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Typed, strict access to one object of an untrusted tree of maps, lists, strings, numbers and booleans (parsed JSON or
 * YAML). Every refusal names the field by its path. Immutable.
 */
public final class Fields {
    private static final int MAX_STRING = 64 * 1024;

    private final String path;
    private final Map<String, @Nullable Object> values;

    private Fields(String path, Map<String, @Nullable Object> values) {
        this.path = path;
        this.values = values;
    }

    /**
     * The fields of an object.
     *
     * @param path where the object is; empty for the root
     * @throws InvalidInput {@code wrong_type} if it is no object, {@code unknown_field} if it has others than allowed
     */
    public static Fields of(String path, @Nullable Object tree, Set<String> allowed) throws InvalidInput {
        if (!(tree instanceof Map<?, ?> map)) {
            throw wrongType(path, "an object", tree);
        }
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            if (!(entry.getKey() instanceof String name)) {
                throw wrongType(path, "an object with text keys", entry.getKey());
            }
            if (!allowed.contains(name)) {
                throw new InvalidInput(
                        "unknown_field",
                        join(path, printable(name)),
                        "There is no such field here; known are "
                                + String.join(", ", allowed.stream().sorted().toList()));
            }
            values.put(name, entry.getValue());
        }
        return new Fields(path, values);
    }

    /** The path of a field of this object. */
    public String pathOf(String name) {
        return join(path, name);
    }

    /** Whether the field is there and not null. */
    public boolean has(String name) {
        return values.get(name) != null;
    }

    /** The field's untyped value, null where it is absent. */
    public @Nullable Object raw(String name) {
        return values.get(name);
    }

    /** A text without control characters (tab and newline included), of 1 to {@code maxLength} characters. */
    public Optional<String> text(String name, int maxLength) throws InvalidInput {
        Optional<String> found = string(name, maxLength);
        if (found.isPresent()) {
            if (found.get().isBlank()) {
                throw new InvalidInput("invalid_value", pathOf(name), "It must not be blank");
            }
            if (found.get().chars().anyMatch(Character::isISOControl)) {
                throw new InvalidInput("invalid_value", pathOf(name), "Control characters are not allowed here");
            }
        }
        return found;
    }

    /** A text that matches the pattern. */
    public Optional<String> name(String name, Pattern legal, String rule) throws InvalidInput {
        Optional<String> found = string(name, MAX_STRING);
        if (found.isPresent() && !legal.matcher(found.get()).matches()) {
            throw new InvalidInput("invalid_value", pathOf(name), rule);
        }
        return found;
    }

    /** A text of at most {@code maxLength} characters, without NUL. */
    public Optional<String> string(String name, int maxLength) throws InvalidInput {
        @Nullable Object value = values.get(name);
        return value == null ? Optional.empty() : Optional.of(string(pathOf(name), value, maxLength));
    }

    /** A whole number within the bounds, both inclusive. */
    public Optional<Long> number(String name, long min, long max) throws InvalidInput {
        @Nullable Object value = values.get(name);
        if (value == null) {
            return Optional.empty();
        }
        if (!(value instanceof Integer || value instanceof Long || value instanceof Short)) {
            throw wrongType(pathOf(name), "a whole number", value);
        }
        long number = ((Number) value).longValue();
        if (number < min || number > max) {
            throw new InvalidInput("out_of_range", pathOf(name), "It must be from " + min + " to " + max);
        }
        return Optional.of(number);
    }

    /** A number within the bounds, both inclusive, in thousandths; it may have three decimal places. */
    public Optional<Integer> permille(String name, int min, int max) throws InvalidInput {
        @Nullable Object value = values.get(name);
        if (value == null) {
            return Optional.empty();
        }
        if (!(value instanceof Number number)) {
            throw wrongType(pathOf(name), "a number", value);
        }
        double permille = number.doubleValue() * 1000;
        if (!(permille >= min && permille <= max)) {
            throw new InvalidInput(
                    "out_of_range", pathOf(name), "It must be from " + min / 1000.0 + " to " + max / 1000.0);
        }
        int rounded = Math.toIntExact(Math.round(permille));
        if (Math.abs(permille - rounded) > 1e-6) {
            throw new InvalidInput("invalid_value", pathOf(name), "At most three decimal places are allowed");
        }
        return Optional.of(rounded);
    }

    /** A truth value. */
    public Optional<Boolean> flag(String name) throws InvalidInput {
        @Nullable Object value = values.get(name);
        if (value == null) {
            return Optional.empty();
        }
        if (!(value instanceof Boolean flag)) {
            throw wrongType(pathOf(name), "true or false", value);
        }
        return Optional.of(flag);
    }

    /** A list of at most {@code max} members. */
    public Optional<List<?>> list(String name, int max) throws InvalidInput {
        @Nullable Object value = values.get(name);
        if (value == null) {
            return Optional.empty();
        }
        if (!(value instanceof List<?> list)) {
            throw wrongType(pathOf(name), "a list", value);
        }
        if (list.size() > max) {
            throw new InvalidInput("too_many", pathOf(name), "At most " + max + " are allowed, not " + list.size());
        }
        return Optional.of(list);
    }

    /** The refusal of a field that must be there. */
    public InvalidInput missing(String name) {
        return new InvalidInput("missing_field", pathOf(name), "It is required");
    }

    /** A member of a list or a map value that has to be a text. */
    static String string(String path, @Nullable Object value, int maxLength) throws InvalidInput {
        if (!(value instanceof String text)) {
            throw wrongType(path, "a text", value);
        }
        if (text.length() > maxLength) {
            throw new InvalidInput("too_long", path, "At most " + maxLength + " characters are allowed");
        }
        if (text.indexOf('\0') >= 0) {
            throw new InvalidInput("invalid_value", path, "NUL characters are not allowed");
        }
        return text;
    }

    static InvalidInput wrongType(String path, String wanted, @Nullable Object value) {
        String found = switch (value) {
            case null -> "nothing";
            case String _ -> "a text";
            case Boolean _ -> "a truth value";
            case Number _ -> "a number";
            case List<?> _ -> "a list";
            case Map<?, ?> _ -> "an object";
            default -> "something else";
        };
        return new InvalidInput("wrong_type", path, "It must be " + wanted + ", not " + found);
    }

    private static String join(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    private static String printable(String name) {
        return Excerpt.printable(name, 64);
    }
}
