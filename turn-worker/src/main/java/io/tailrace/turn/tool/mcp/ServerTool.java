package io.tailrace.turn.tool.mcp;

import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.spec.McpSchema;
import io.tailrace.events.text.Excerpt;
import io.tailrace.turn.tool.ToolServers.Described;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/**
 * A tool as its server lists it. Immutable.
 *
 * @param name the server's
 * @param description the server's, cut off where it is long
 */
record ServerTool(String name, Optional<String> description, Described described) {
    static final int MAX_SCHEMA_BYTES = 16 * 1024;
    static final int MAX_DESCRIPTION = 4_000;
    private static final int MAX_NAME = 256;

    /** Nothing if it has no name that anybody could call. */
    static Optional<ServerTool> of(McpSchema.Tool tool, McpJsonMapper json) {
        if (tool == null
                || tool.name() == null
                || tool.name().isBlank()
                || tool.name().length() > MAX_NAME) {
            return Optional.empty();
        }
        Optional<String> description = Optional.ofNullable(tool.description())
                .map(String::strip)
                .filter(it -> !it.isEmpty())
                .map(it -> Excerpt.of(it, MAX_DESCRIPTION));
        return Optional.of(new ServerTool(tool.name(), description, described(tool, description, json)));
    }

    private static Described described(McpSchema.Tool tool, Optional<String> description, McpJsonMapper json) {
        Map<String, Object> schema = tool.inputSchema();
        if (schema == null || !"object".equals(schema.get("type"))) {
            return unusable("the schema of its arguments is not that of an object");
        }
        try {
            String text = json.writeValueAsString(schema);
            return text.getBytes(StandardCharsets.UTF_8).length > MAX_SCHEMA_BYTES
                    ? unusable("the schema of its arguments is larger than " + MAX_SCHEMA_BYTES + " bytes")
                    : new Described.Usable(description, text);
        } catch (IOException | RuntimeException e) {
            return unusable("the schema of its arguments cannot be written");
        }
    }

    private static Described unusable(String reason) {
        return new Described.Unusable("tool_unusable", "It cannot be used: " + reason + ".");
    }
}
