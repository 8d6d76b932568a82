package io.tailrace.cli.assistants;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/** Values of inputs, as they are typed at a command line, in the types that an assistant's definition says. Pure. */
final class InputValues {
    private static final ObjectMapper JSON = new ObjectMapper();

    private InputValues() {}

    /** Where a value is not of its type it stays a text: the gateway says so. */
    static ObjectNode of(JsonNode definition, Map<String, String> given) {
        ObjectNode values = JsonNodeFactory.instance.objectNode();
        given.forEach((name, text) -> values.set(name, value(type(definition, name), text)));
        return values;
    }

    private static String type(JsonNode definition, String name) {
        for (JsonNode input : definition.path("inputs")) {
            if (input.path("name").asText().equals(name)) {
                return input.path("type").asText("text");
            }
        }
        return "text";
    }

    private static JsonNode value(String type, String text) {
        JsonNode asText = JsonNodeFactory.instance.textNode(text);
        return switch (type) {
            case "integer", "number", "boolean" -> {
                try {
                    JsonNode read = JSON.readTree(text);
                    yield read.isNumber() || read.isBoolean() ? read : asText;
                } catch (JsonProcessingException _) {
                    yield asText;
                }
            }
            default -> asText;
        };
    }
}
