package io.tailrace.turn.provider.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tailrace.events.text.Excerpt;
import io.tailrace.turn.provider.json.ErrorBody;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * The events of one answer, as JSON. The SDKs' own readers are made for their own servers: they fail on a content that is a list, take an
 * empty {@code data:} for an event, lose the event behind a byte order mark, and say nothing of what is no stream. Confined to one thread.
 */
public final class AnswerEvents {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            // Probabilities that are none: some servers write what JSON does not have.
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .build();

    /** What a server that names no type, or one that says nothing, may call a stream. */
    private static final Set<String> STREAMS =
            Set.of("", "text/event-stream", "application/octet-stream", "text/plain", "binary/octet-stream");

    private static final String DONE = "[DONE]";
    private static final int EXCERPT_BYTES = 2_000;

    private AnswerEvents() {}

    /** Takes the events of an answer. */
    public interface Taking {
        /**
         * The next event.
         *
         * @throws IOException when it says that the answer failed
         */
        void take(JsonNode event) throws IOException;

        /**
         * The answer is complete by {@code [DONE]}; nothing comes after it.
         *
         * @throws IOException when what came until now is no answer
         */
        default void done() throws IOException {
            // Most formats have an event of their own for it.
        }
    }

    /**
     * Reads an answer to its end.
     *
     * @param contentType as the head told it
     * @param whole the events that a whole answer, which is no stream, stands for; none if it is no answer
     * @throws ProviderSaid when it is an error, or no answer
     * @throws IOException when the connection fails
     */
    public static void read(
            Optional<String> contentType, InputStream body, Function<JsonNode, List<JsonNode>> whole, Taking taking)
            throws IOException {
        String type = contentType.orElse("").replaceFirst(";.*", "").strip().toLowerCase(Locale.ROOT);
        if (STREAMS.contains(type)) {
            readStream(new EventReader(body), taking);
        } else if (type.equals("application/json") || type.endsWith("+json")) {
            readWhole(body.readNBytes(EventReader.MAX_EVENT_BYTES), type, whole, taking);
        } else {
            throw ProviderSaid.noAnswer(200, type, text(body.readNBytes(EXCERPT_BYTES)));
        }
    }

    private static void readStream(EventReader events, Taking taking) throws IOException {
        while (true) {
            Optional<EventReader.Event> next = events.next();
            if (next.isEmpty()) {
                return;
            }
            EventReader.Event event = next.get();
            if (event.data().equals(DONE)) {
                taking.done();
                return;
            }
            Optional<JsonNode> json = parse(event.data());
            if (json.isPresent()) {
                if (event.name().equals("error") || ErrorBody.isError(json.get())) {
                    throw ProviderSaid.failed(json.get());
                }
                taking.take(json.get());
            } else if (event.name().equals("error")) {
                throw ProviderSaid.failed("", event.data());
            } else if (!event.last()) {
                throw ProviderSaid.failed("", "an event that is no JSON: " + excerpt(event.data()));
            }
        }
    }

    private static void readWhole(byte[] bytes, String type, Function<JsonNode, List<JsonNode>> whole, Taking taking)
            throws IOException {
        Optional<JsonNode> answer = parse(text(bytes));
        if (answer.isPresent() && ErrorBody.isError(answer.get())) {
            throw ProviderSaid.failed(answer.get());
        }
        List<JsonNode> events = answer.map(whole).orElse(List.of());
        if (events.isEmpty()) {
            throw ProviderSaid.noAnswer(200, type, excerpt(text(bytes)));
        }
        for (JsonNode event : events) {
            taking.take(event);
        }
    }

    private static Optional<JsonNode> parse(String text) {
        try {
            JsonNode node = JSON.readTree(text);
            return node.isObject() ? Optional.of(node) : Optional.empty();
        } catch (JsonProcessingException _) {
            return Optional.empty();
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static String excerpt(String text) {
        return Excerpt.beginning(text, EXCERPT_BYTES);
    }
}
