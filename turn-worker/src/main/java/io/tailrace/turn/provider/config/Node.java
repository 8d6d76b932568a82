package io.tailrace.turn.provider.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A mapping of a YAML document, with the path to it; an unknown key is an error. */
final class Node {

    private final String path;
    private final Map<?, ?> values;

    private Node(String path, Map<?, ?> values) {
        this.path = path;
        this.values = values;
    }

    static Node of(String path, @Nullable Object value, Set<String> keys) throws InvalidProvidersFile {
        if (!(value instanceof Map<?, ?> map)) {
            throw new InvalidProvidersFile(path, "must be a mapping");
        }
        Node node = new Node(path, map);
        for (Object key : map.keySet()) {
            if (!(key instanceof String name) || !keys.contains(name)) {
                throw new InvalidProvidersFile(
                        node.at(String.valueOf(key)),
                        "is unknown; known are "
                                + String.join(", ", keys.stream().sorted().toList()));
            }
        }
        return node;
    }

    String at(String key) {
        return path.equals("$") ? key : path + "." + key;
    }

    String text(String key) throws InvalidProvidersFile {
        return optionalText(key).orElseThrow(() -> new InvalidProvidersFile(at(key), "is required"));
    }

    Optional<String> optionalText(String key) throws InvalidProvidersFile {
        Object value = values.get(key);
        if (value == null) {
            return Optional.empty();
        }
        if (!(value instanceof String text) || text.isBlank()) {
            throw new InvalidProvidersFile(at(key), "must be a text that is not empty");
        }
        return Optional.of(text);
    }

    int integer(String key) throws InvalidProvidersFile {
        return optionalInteger(key).orElseThrow(() -> new InvalidProvidersFile(at(key), "is required"));
    }

    OptionalInt optionalInteger(String key) throws InvalidProvidersFile {
        Object value = values.get(key);
        if (value == null) {
            return OptionalInt.empty();
        }
        if (!(value instanceof Integer number)) {
            throw new InvalidProvidersFile(at(key), "must be a whole number below 2^31");
        }
        return OptionalInt.of(number);
    }

    OptionalDouble optionalNumber(String key) throws InvalidProvidersFile {
        Object value = values.get(key);
        if (value == null) {
            return OptionalDouble.empty();
        }
        if (!(value instanceof Number number)) {
            throw new InvalidProvidersFile(at(key), "must be a number");
        }
        return OptionalDouble.of(number.doubleValue());
    }

    List<?> list(String key) throws InvalidProvidersFile {
        Object value = values.get(key);
        if (value == null) {
            return List.of();
        }
        if (!(value instanceof List<?> list)) {
            throw new InvalidProvidersFile(at(key), "must be a list");
        }
        return list;
    }

    List<String> texts(String key) throws InvalidProvidersFile {
        List<String> texts = new ArrayList<>();
        for (Object element : list(key)) {
            if (!(element instanceof String text)) {
                throw new InvalidProvidersFile(at(key) + "[" + texts.size() + "]", "must be a text");
            }
            texts.add(text);
        }
        return texts;
    }

    Optional<Node> optionalMapping(String key, Set<String> keys) throws InvalidProvidersFile {
        Object value = values.get(key);
        return value == null ? Optional.empty() : Optional.of(of(at(key), value, keys));
    }
}
