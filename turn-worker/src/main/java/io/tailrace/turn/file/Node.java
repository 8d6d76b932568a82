package io.tailrace.turn.file;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A mapping of a YAML document, with the path to it; an unknown key is an error. */
public final class Node {

    private final String path;
    private final Map<?, ?> values;

    private Node(String path, Map<?, ?> values) {
        this.path = path;
        this.values = values;
    }

    public static Node of(String path, @Nullable Object value, Set<String> keys) throws InvalidOperatorFile {
        if (!(value instanceof Map<?, ?> map)) {
            throw new InvalidOperatorFile(path, "must be a mapping");
        }
        Node node = new Node(path, map);
        for (Object key : map.keySet()) {
            if (!(key instanceof String name) || !keys.contains(name)) {
                throw new InvalidOperatorFile(
                        node.at(String.valueOf(key)),
                        "is unknown; known are "
                                + String.join(", ", keys.stream().sorted().toList()));
            }
        }
        return node;
    }

    public String at(String key) {
        return path.equals("$") ? key : path + "." + key;
    }

    public String text(String key) throws InvalidOperatorFile {
        return optionalText(key).orElseThrow(() -> new InvalidOperatorFile(at(key), "is required"));
    }

    public Optional<String> optionalText(String key) throws InvalidOperatorFile {
        Object value = values.get(key);
        if (value == null) {
            return Optional.empty();
        }
        if (!(value instanceof String text) || text.isBlank()) {
            throw new InvalidOperatorFile(at(key), "must be a text that is not empty");
        }
        return Optional.of(text);
    }

    public int integer(String key) throws InvalidOperatorFile {
        return optionalInteger(key).orElseThrow(() -> new InvalidOperatorFile(at(key), "is required"));
    }

    public OptionalInt optionalInteger(String key) throws InvalidOperatorFile {
        Object value = values.get(key);
        if (value == null) {
            return OptionalInt.empty();
        }
        if (!(value instanceof Integer number)) {
            throw new InvalidOperatorFile(at(key), "must be a whole number below 2^31");
        }
        return OptionalInt.of(number);
    }

    public OptionalDouble optionalNumber(String key) throws InvalidOperatorFile {
        Object value = values.get(key);
        if (value == null) {
            return OptionalDouble.empty();
        }
        if (!(value instanceof Number number)) {
            throw new InvalidOperatorFile(at(key), "must be a number");
        }
        return OptionalDouble.of(number.doubleValue());
    }

    public List<?> list(String key) throws InvalidOperatorFile {
        Object value = values.get(key);
        if (value == null) {
            return List.of();
        }
        if (!(value instanceof List<?> list)) {
            throw new InvalidOperatorFile(at(key), "must be a list");
        }
        return list;
    }

    public List<String> texts(String key) throws InvalidOperatorFile {
        List<String> texts = new ArrayList<>();
        for (Object element : list(key)) {
            if (!(element instanceof String text)) {
                throw new InvalidOperatorFile(at(key) + "[" + texts.size() + "]", "must be a text");
            }
            texts.add(text);
        }
        return texts;
    }

    public Optional<Node> optionalMapping(String key, Set<String> keys) throws InvalidOperatorFile {
        Object value = values.get(key);
        return value == null ? Optional.empty() : Optional.of(of(at(key), value, keys));
    }

    public boolean flag(String key) throws InvalidOperatorFile {
        Object value = values.get(key);
        if (value != null && !(value instanceof Boolean)) {
            throw new InvalidOperatorFile(at(key), "must be true or false");
        }
        return Boolean.TRUE.equals(value);
    }

    /** A mapping whose keys are names that nobody knows before, in its order; an empty one if it is not there. */
    public Map<String, Object> named(String key) throws InvalidOperatorFile {
        Object value = values.get(key);
        if (value == null) {
            return Map.of();
        }
        if (!(value instanceof Map<?, ?> map)) {
            throw new InvalidOperatorFile(at(key), "must be a mapping");
        }
        Map<String, Object> named = new LinkedHashMap<>();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            if (!(entry.getKey() instanceof String name) || entry.getValue() == null) {
                throw new InvalidOperatorFile(at(key) + "." + entry.getKey(), "must be a text, and have a value");
            }
            named.put(name, entry.getValue());
        }
        return named;
    }

    /** The same with texts as values. */
    public Map<String, String> namedTexts(String key) throws InvalidOperatorFile {
        Map<String, String> texts = new LinkedHashMap<>();
        for (Map.Entry<String, Object> entry : named(key).entrySet()) {
            if (!(entry.getValue() instanceof String text)) {
                throw new InvalidOperatorFile(at(key) + "." + entry.getKey(), "must be a text; put it in quotes");
            }
            texts.put(entry.getKey(), text);
        }
        return texts;
    }

    public boolean has(String key) {
        return values.get(key) != null;
    }
}
