package io.tailrace.turn.provider.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What a provider's error says, in any of the shapes that are around: {@code {"error": {"type", "code", "message"}}}, the inner object
 * alone, {@code {"error": "text"}}, {@code {"message": "text"}}, {@code {"detail": "text"}}.
 *
 * @param kind its code, else its type; empty if it has none
 * @param message empty if it has none
 */
public record ErrorBody(String kind, String message) {

    private static final JsonMapper JSON = new JsonMapper();

    /** Of the bytes of a body, which may be anything. */
    public static ErrorBody parse(byte[] body) {
        try {
            return of(JSON.readTree(body));
        } catch (IOException _) {
            return of(null);
        }
    }

    /** Of a body, which may be anything. */
    public static ErrorBody of(@Nullable JsonNode body) {
        if (body == null) {
            return new ErrorBody("", "");
        }
        JsonNode error = body.path("error").isObject() ? body.path("error") : body;
        return new ErrorBody(
                firstText(error, "code", "type", "__type"), firstText(error, "message", "error", "detail"));
    }

    private static String firstText(JsonNode node, String... fields) {
        for (String field : fields) {
            if (node.path(field).isTextual()) {
                return node.path(field).textValue();
            }
        }
        return node.isTextual() && fields[0].equals("message") ? node.textValue() : "";
    }
}
