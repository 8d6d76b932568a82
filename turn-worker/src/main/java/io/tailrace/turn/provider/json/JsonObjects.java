package io.tailrace.turn.provider.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tailrace.turn.provider.ToolDefinition;
import io.tailrace.turn.provider.ToolInvocation;
import io.tailrace.turn.provider.call.InvalidRequest;
import java.util.Optional;

/** Objects that a conversation has as text, for the formats that want them as objects. */
public final class JsonObjects {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private JsonObjects() {}

    /**
     * A tool's schema.
     *
     * @throws InvalidRequest when it is no object
     */
    public static ObjectNode schema(ToolDefinition tool) throws InvalidRequest {
        return parse(tool.parameters())
                .orElseThrow(() -> new InvalidRequest("The parameters of the tool \"" + tool.name()
                        + "\" are not a JSON object. Give a JSON Schema of " + "an object."));
    }

    /** What a model called a tool with; arguments that it wrote wrongly are quoted, so that it sees what it did. */
    public static ObjectNode arguments(ToolInvocation call) {
        if (call.arguments().isBlank()) {
            return JSON.createObjectNode();
        }
        return parse(call.arguments())
                .orElseGet(() -> JSON.createObjectNode().put("malformed_arguments", call.arguments()));
    }

    private static Optional<ObjectNode> parse(String text) {
        try {
            JsonNode node = JSON.readTree(text);
            return node instanceof ObjectNode object ? Optional.of(object) : Optional.empty();
        } catch (JsonProcessingException _) {
            return Optional.empty();
        }
    }
}
