package io.tailrace.turn.provider.scripted;

import com.fasterxml.jackson.databind.JsonNode;
import io.tailrace.turn.provider.call.InvalidRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** An object of a script, with the path to it; an unknown field is an error. */
final class Fields {

    private final String path;
    private final JsonNode node;

    private Fields(String path, JsonNode node) {
        this.path = path;
        this.node = node;
    }

    static Fields of(String path, JsonNode node, Set<String> known) throws InvalidRequest {
        if (!node.isObject()) {
            throw InvalidScript.at(path, "must be an object");
        }
        Fields fields = new Fields(path, node);
        for (String name : (Iterable<String>) node::fieldNames) {
            if (!known.contains(name)) {
                throw InvalidScript.at(
                        fields.at(name),
                        "is unknown; known are "
                                + String.join(", ", known.stream().sorted().toList()));
            }
        }
        return fields;
    }

    String at(String field) {
        return path.equals("$") ? field : path + "." + field;
    }

    boolean has(String field) {
        return node.has(field);
    }

    Optional<JsonNode> value(String field) {
        return Optional.ofNullable(node.get(field));
    }

    Optional<Fields> object(String field, Set<String> known) throws InvalidRequest {
        JsonNode value = node.get(field);
        return value == null ? Optional.empty() : Optional.of(of(at(field), value, known));
    }

    Optional<String> text(String field) throws InvalidRequest {
        JsonNode value = node.get(field);
        if (value == null) {
            return Optional.empty();
        }
        if (!value.isTextual()) {
            throw InvalidScript.at(at(field), "must be a text");
        }
        return Optional.of(value.textValue());
    }

    boolean flag(String field, boolean otherwise) throws InvalidRequest {
        JsonNode value = node.get(field);
        if (value == null) {
            return otherwise;
        }
        if (!value.isBoolean()) {
            throw InvalidScript.at(at(field), "must be true or false");
        }
        return value.booleanValue();
    }

    long number(String field, long otherwise, long min, long max) throws InvalidRequest {
        return optionalNumber(field, min, max).orElse(otherwise);
    }

    OptionalLong optionalNumber(String field, long min, long max) throws InvalidRequest {
        JsonNode value = node.get(field);
        if (value == null) {
            return OptionalLong.empty();
        }
        if (!value.isIntegralNumber()
                || !value.canConvertToLong()
                || value.longValue() < min
                || value.longValue() > max) {
            throw InvalidScript.at(at(field), "must be a whole number from " + min + " to " + max);
        }
        return OptionalLong.of(value.longValue());
    }

    List<JsonNode> list(String field, int max) throws InvalidRequest {
        JsonNode value = node.get(field);
        if (value == null) {
            return List.of();
        }
        if (!value.isArray() || value.isEmpty() || value.size() > max) {
            throw InvalidScript.at(at(field), "must be a list of 1 to " + max);
        }
        List<JsonNode> elements = new ArrayList<>();
        value.forEach(elements::add);
        return elements;
    }
}
