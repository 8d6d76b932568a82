package io.tailrace.turn.tool.mcp;

import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.spec.McpSchema.AudioContent;
import io.modelcontextprotocol.spec.McpSchema.BlobResourceContents;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.Content;
import io.modelcontextprotocol.spec.McpSchema.EmbeddedResource;
import io.modelcontextprotocol.spec.McpSchema.ImageContent;
import io.modelcontextprotocol.spec.McpSchema.ResourceLink;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import io.modelcontextprotocol.spec.McpSchema.TextResourceContents;
import io.tailrace.events.text.Excerpt;
import io.tailrace.turn.tool.CallResult;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A server's answer as a text for a model: texts one below the other, and what is no text by its name and size. Pure. */
final class ServerText {
    private static final int MAX_NAME = 500;
    private static final int MAX_SHOWN = 500;

    private ServerText() {}

    /** Text of a server's as a log, or a sentence, can have it. */
    static String shown(String text) {
        return Excerpt.printable(text, MAX_SHOWN);
    }

    static CallResult result(CallToolResult answer, McpJsonMapper json) {
        String text = text(answer, json);
        if (Boolean.TRUE.equals(answer.isError())) {
            return CallResult.failed("tool_error", text.isBlank() ? "The tool failed, and said nothing of it." : text);
        }
        return CallResult.succeeded(text.isBlank() ? "The tool answered without a text." : text);
    }

    private static String text(CallToolResult answer, McpJsonMapper json) {
        List<String> parts = new ArrayList<>();
        boolean hasText = false;
        List<@Nullable Content> contents = answer.content() == null ? List.of() : new ArrayList<>(answer.content());
        for (Content content : contents) {
            String part = part(content);
            hasText |= content instanceof TextContent && !part.isBlank();
            parts.add(part);
        }
        Object structured = answer.structuredContent();
        if (!hasText && structured != null) {
            parts.addFirst(structured(structured, json));
        }
        return String.join("\n", parts);
    }

    private static String structured(Object structured, McpJsonMapper json) {
        try {
            return json.writeValueAsString(structured);
        } catch (IOException | RuntimeException e) {
            return "[structured content that cannot be written]";
        }
    }

    private static String part(@Nullable Content content) {
        return switch (content) {
            case null -> "";
            case TextContent text -> text.text() == null ? "" : text.text();
            case ImageContent image -> "[image " + name(image.mimeType()) + bytes(image.data()) + "]";
            case AudioContent audio -> "[audio " + name(audio.mimeType()) + bytes(audio.data()) + "]";
            case ResourceLink link -> "[link to the resource " + name(link.uri()) + " " + name(link.mimeType()) + "]";
            case EmbeddedResource embedded -> resource(embedded);
            default -> "[content of an unknown kind]";
        };
    }

    private static String resource(EmbeddedResource embedded) {
        return switch (embedded.resource()) {
            case null -> "[resource]";
            case TextResourceContents text ->
                "[resource " + name(text.uri()) + " " + name(text.mimeType()) + "]\n"
                        + (text.text() == null ? "" : text.text());
            case BlobResourceContents blob ->
                "[resource " + name(blob.uri()) + " " + name(blob.mimeType()) + bytes(blob.blob()) + "]";
            default -> "[resource of an unknown kind]";
        };
    }

    private static String name(@Nullable String name) {
        return name == null || name.isBlank() ? "unknown" : Excerpt.of(name, MAX_NAME);
    }

    /** How many bytes a text in Base64 stands for. */
    private static String bytes(@Nullable String base64) {
        if (base64 == null) {
            return "";
        }
        int padding = base64.endsWith("==") ? 2 : base64.endsWith("=") ? 1 : 0;
        return ", " + (base64.length() / 4L * 3 - padding) + " bytes";
    }
}
