package io.tailrace.gateway.stream;

import io.tailrace.gateway.request.QueryParameters;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Optional;

/**
 * The last events that a client of several runs says it has, as texts, and where it said so.
 *
 * @param field the header or the query parameter; empty if it said nothing
 */
record LastEventIds(String field, List<String> texts) {
    private static final List<String> PARAMETERS = List.of("cursor", "lastEventId");

    /** The header beats the query: a client that reconnects repeats the URL of its first connection. */
    static LastEventIds of(HttpServletRequest request, QueryParameters query) {
        Optional<LastEventId> header = LastEventId.ofHeader(request);
        if (header.isPresent()) {
            return new LastEventIds(header.get().field(), List.of(header.get().text()));
        }
        for (String name : PARAMETERS) {
            List<String> texts =
                    query.texts(name).stream().filter(it -> !it.isEmpty()).toList();
            if (!texts.isEmpty()) {
                return new LastEventIds(name, texts);
            }
        }
        return new LastEventIds("", List.of());
    }
}
