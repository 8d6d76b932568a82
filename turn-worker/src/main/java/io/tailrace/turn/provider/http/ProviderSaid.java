package io.tailrace.turn.provider.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.tailrace.turn.provider.ProviderDefinition;
import io.tailrace.turn.provider.ProviderFailure;
import io.tailrace.turn.provider.json.ErrorBody;
import java.io.IOException;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A provider said something else than an answer: a status of refusal with whatever body, an error within an answer that began well, or
 * something that is no answer at all. Travels through an SDK as what it is, an exchange that failed.
 */
public final class ProviderSaid extends IOException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final transient ErrorBody body;
    private final transient HttpHeaders headers;

    private ProviderSaid(int status, ErrorBody body, HttpHeaders headers) {
        super("HTTP " + status + ": " + body.message());
        this.status = status;
        this.body = body;
        this.headers = headers;
    }

    /**
     * A status that is no success.
     *
     * @param beginning of the body, which may be anything
     */
    static ProviderSaid refused(HttpResponse<?> head, byte[] beginning) {
        ErrorBody body = ErrorBody.parse(beginning);
        // A proxy's page in HTML, a word in plain text, JSON that was cut off: what it says is still the best there is.
        ErrorBody said = body.message().isEmpty()
                ? new ErrorBody(body.kind(), new String(beginning, StandardCharsets.UTF_8), body.status())
                : body;
        return new ProviderSaid(head.statusCode(), said, head.headers());
    }

    /** An error within an answer whose status was a success. */
    public static ProviderSaid failed(JsonNode error) {
        return failed(ErrorBody.of(error));
    }

    /** An error of this kind within an answer whose status was a success. */
    public static ProviderSaid failed(String kind, String message) {
        return failed(new ErrorBody(kind, message, OptionalInt.empty()));
    }

    private static ProviderSaid failed(ErrorBody body) {
        return new ProviderSaid(body.status().orElseGet(() -> ErrorAnswer.statusOf(body.kind())), body, none());
    }

    /**
     * Something that is no stream of events and no answer.
     *
     * @param what it was, such as its content type
     */
    static ProviderSaid noAnswer(int status, String what, String beginning) {
        String said = beginning.isBlank() ? what : what + ": " + beginning;
        return new ProviderSaid(status, new ErrorBody("", said, OptionalInt.empty()), none());
    }

    private static HttpHeaders none() {
        return HttpHeaders.of(Map.of(), (_, _) -> true);
    }

    /** What an SDK threw because of it, as a failure; nothing if something else is the cause. */
    public static Optional<ProviderFailure> in(ProviderDefinition provider, Exception error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof ProviderSaid said) {
                return Optional.of(said.explained(provider));
            }
        }
        return Optional.empty();
    }

    private ProviderFailure explained(ProviderDefinition provider) {
        return new ErrorAnswer(
                        provider,
                        status,
                        body.kind(),
                        body.message(),
                        name -> headers.firstValue(name.toLowerCase(Locale.ROOT)))
                .failure();
    }
}
