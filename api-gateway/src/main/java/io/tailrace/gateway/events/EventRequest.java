package io.tailrace.gateway.events;

import io.tailrace.events.id.RunId;
import io.tailrace.gateway.cursor.Cursors;
import io.tailrace.gateway.cursor.GivenCursor;
import io.tailrace.gateway.problem.RunProblem;
import io.tailrace.gateway.request.QueryParameters;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import org.springframework.web.HttpMediaTypeNotAcceptableException;

/** A request for events of a run: how they are to be written, how many, from where on. */
public final class EventRequest {
    private static final int DEFAULT_LIMIT = 100;
    private static final int MAX_LIMIT = 1000;

    private final RunId run;
    private final EventFormat format;
    private final long limit;
    private final Optional<GivenCursor> cursor;
    private final boolean headersOnly;

    private EventRequest(RunId run, EventFormat format, long limit, Optional<GivenCursor> cursor, boolean headersOnly) {
        this.run = run;
        this.format = format;
        this.limit = limit;
        this.cursor = cursor;
        this.headersOnly = headersOnly;
    }

    /**
     * Reads the format, the limit, and the place to go on from.
     *
     * @throws RunProblem if one of them cannot be used
     * @throws HttpMediaTypeNotAcceptableException if the client accepts none of the formats
     */
    public static EventRequest of(RunId run, QueryParameters query, HttpServletRequest request, Cursors cursors)
            throws InterruptedException, HttpMediaTypeNotAcceptableException {
        EventFormat format = EventFormat.of(query.text("format"), Optional.ofNullable(request.getHeader("Accept")));
        Optional<String> token = query.text("cursor");
        Optional<GivenCursor> cursor =
                token.isPresent() ? Optional.of(cursors.given("cursor", run, token.get())) : Optional.empty();
        long limit = switch (format) {
            case JSON -> query.count("limit", 1, MAX_LIMIT).orElse(DEFAULT_LIMIT);
            case NDJSON -> query.number("limit", 1, Long.MAX_VALUE).orElse(Long.MAX_VALUE);
        };
        return new EventRequest(run, format, limit, cursor, request.getMethod().equals("HEAD"));
    }

    RunId run() {
        return run;
    }

    EventFormat format() {
        return format;
    }

    long limit() {
        return limit;
    }

    Optional<GivenCursor> cursor() {
        return cursor;
    }

    /** Whether nothing but the head of the answer is asked for. */
    boolean headersOnly() {
        return headersOnly;
    }
}
