package io.tailrace.turn.provider.openai;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/** Reads contents that are a text on one server, and a list of parts on another. */
final class ContentParts {

    private ContentParts() {}

    /** The text of a content; what is neither text nor parts, such as a number, as it stands there. */
    static String text(JsonNode content) {
        if (!content.isArray()) {
            return content.isObject() ? texts(content) : content.isNull() ? "" : content.asText("");
        }
        StringBuilder text = new StringBuilder();
        for (JsonNode part : content) {
            if (part.isTextual()) {
                text.append(part.textValue());
            } else if (!isThought(part)) {
                text.append(texts(part));
            }
        }
        return text.toString();
    }

    /** What parts of a content are thoughts. */
    static String reasoning(JsonNode content) {
        StringBuilder text = new StringBuilder();
        if (content.isArray()) {
            for (JsonNode part : content) {
                if (isThought(part)) {
                    text.append(texts(part.path("thinking"))).append(texts(part));
                }
            }
        }
        return text.toString();
    }

    private static boolean isThought(JsonNode part) {
        String type = part.path("type").asText("");
        return type.equals("thinking") || type.startsWith("reasoning");
    }

    /** A text, the text of a part, or the texts of a list of parts. */
    static String texts(JsonNode node) {
        if (node.isTextual()) {
            return node.textValue();
        }
        if (!node.isArray()) {
            return node.path("text").isTextual() ? node.path("text").textValue() : "";
        }
        StringBuilder text = new StringBuilder();
        node.forEach(part -> text.append(texts(part)));
        return text.toString();
    }

    /** A text that says something. */
    static Optional<String> string(JsonNode node) {
        return node.isTextual() && !node.textValue().isEmpty() ? Optional.of(node.textValue()) : Optional.empty();
    }

    /** Arguments, which are JSON as a text, or JSON. */
    static String json(JsonNode node) {
        return node.isTextual() ? node.textValue() : node.isObject() ? node.toString() : "";
    }
}
