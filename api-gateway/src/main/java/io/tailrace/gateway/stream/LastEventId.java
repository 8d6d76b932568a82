package io.tailrace.gateway.stream;

import io.tailrace.gateway.request.QueryParameters;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;

/**
 * The last event that a client says it has, as text, and where it said so.
 *
 * @param field the header or the query parameter
 */
public record LastEventId(String field, String text) {
    static final String HEADER = "Last-Event-ID";

    /** The header beats the query: a client that reconnects repeats the URL of its first connection. */
    public static Optional<LastEventId> of(HttpServletRequest request, QueryParameters query) {
        Optional<LastEventId> header = ofHeader(request);
        if (header.isPresent()) {
            return header;
        }
        for (String name : new String[] {"cursor", "lastEventId"}) {
            Optional<String> token = query.text(name).filter(it -> !it.isEmpty());
            if (token.isPresent()) {
                return Optional.of(new LastEventId(name, token.get()));
            }
        }
        return Optional.empty();
    }

    /** What the header says. */
    public static Optional<LastEventId> ofHeader(HttpServletRequest request) {
        return Optional.ofNullable(request.getHeader(HEADER))
                .filter(it -> !it.isEmpty())
                .map(it -> new LastEventId(HEADER, it));
    }
}
