package io.tailrace.turn.provider.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * What a provider's error says, in any of the shapes that are around: {@code {"error": {"type", "code", "message"}}}, the inner object
 * alone, {@code {"error": "text"}}, {@code {"message": "text"}}, {@code {"detail": "text"}}, a list of reasons under {@code detail}, and a
 * list that has any of these as its first element.
 *
 * @param kind its code, else its type or status, where that is a word; empty if it has none
 * @param message empty if it has none
 * @param status the HTTP status that it gives as its code; empty if it gives none
 */
public record ErrorBody(String kind, String message, OptionalInt status) {

    private static final JsonMapper JSON = new JsonMapper();

    /** Nothing was said. */
    public static final ErrorBody NOTHING = new ErrorBody("", "", OptionalInt.empty());

    /** Of the bytes of a body, which may be anything. */
    public static ErrorBody parse(byte[] body) {
        try {
            return of(JSON.readTree(body));
        } catch (IOException _) {
            return NOTHING;
        }
    }

    /** Of a body, which may be anything. */
    public static ErrorBody of(@Nullable JsonNode body) {
        JsonNode first = body != null && body.isArray() ? body.path(0) : body;
        if (first == null || first.isMissingNode()) {
            return NOTHING;
        }
        JsonNode error = first.path("error").isObject() ? first.path("error") : first;
        return new ErrorBody(
                firstText(error, "code", "type", "status", "__type"),
                message(error),
                status(error.path("code")).isPresent() ? status(error.path("code")) : status(error.path("status")));
    }

    /** Whether an event or an answer that came with success says that it is an error. */
    public static boolean isError(JsonNode body) {
        JsonNode error = body.path("error");
        boolean said =
                error.isObject() || (error.isTextual() && !error.textValue().isBlank());
        return said
                || body.path("type").asText().equals("error")
                || body.path("object").asText().equals("error");
    }

    private static String message(JsonNode error) {
        if (error.isTextual()) {
            return error.textValue();
        }
        String text = firstText(error, "message", "error", "detail");
        return text.isEmpty() ? reasons(error.path("detail")) : text;
    }

    /** The reasons of a request that was not valid, each with the place that it is about. */
    private static String reasons(JsonNode detail) {
        List<String> reasons = new ArrayList<>();
        for (JsonNode reason : detail) {
            String text = reason.isTextual() ? reason.textValue() : firstText(reason, "msg", "message");
            List<String> place = new ArrayList<>();
            reason.path("loc").forEach(step -> place.add(step.asText()));
            if (!text.isEmpty()) {
                reasons.add(place.isEmpty() ? text : String.join(".", place) + ": " + text);
            }
        }
        return String.join("; ", reasons);
    }

    private static OptionalInt status(JsonNode code) {
        int number = code.isTextual() && code.textValue().matches("[0-9]{3}")
                ? Integer.parseInt(code.textValue())
                : code.asInt(0);
        return number >= 400 && number <= 599 ? OptionalInt.of(number) : OptionalInt.empty();
    }

    private static String firstText(JsonNode node, String... fields) {
        for (String field : fields) {
            if (node.path(field).isTextual()) {
                return node.path(field).textValue();
            }
        }
        return "";
    }
}
