package io.tailrace.gateway.events;

import io.tailrace.events.id.RunId;
import io.tailrace.gateway.cursor.Cursors;
import io.tailrace.gateway.cursor.GivenCursor;
import io.tailrace.gateway.json.EventJson;
import io.tailrace.gateway.log.RunFeeds;
import io.tailrace.gateway.problem.RunProblem;
import io.tailrace.gateway.request.QueryParameters;
import io.tailrace.gateway.request.RunPath;
import io.tailrace.gateway.runs.RunDirectory;
import io.tailrace.runlog.RunFeed;
import io.tailrace.runlog.RunLog;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/**
 * The events of a run up to what the log has when it is asked: a page of JSON, or NDJSON of any size. Who wants what
 * comes later takes the stream.
 */
@RestController
final class RunEventsController {
    private static final Set<String> PARAMETERS = Set.of("type", "from", "to", "limit", "cursor", "format");
    private static final Pattern TYPE = Pattern.compile("[a-z][a-z0-9._-]{0,63}");
    private static final int DEFAULT_LIMIT = 100;
    private static final int MAX_LIMIT = 1000;
    /** A page that finds little in a long log ends here, with a cursor to go on from. */
    private static final Duration PAGE_WITHIN = Duration.ofSeconds(5);

    private static final Duration NO_BOUND = Duration.ofDays(1);

    private final RunDirectory directory;
    private final RunFeeds feeds;
    private final EventJson view;
    private final Cursors cursors;
    private final Duration decideWithin;

    RunEventsController(
            RunDirectory directory, RunFeeds feeds, EventJson view, Cursors cursors, Duration decideWithin) {
        this.directory = directory;
        this.feeds = feeds;
        this.view = view;
        this.cursors = cursors;
        this.decideWithin = decideWithin;
    }

    @GetMapping("/v1/runs/{id}/events")
    void events(@PathVariable String id, HttpServletRequest request, HttpServletResponse response)
            throws IOException, InterruptedException, HttpMediaTypeNotAcceptableException {
        RunId run = RunPath.run(id);
        QueryParameters query = QueryParameters.of(request, PARAMETERS);
        EventFormat format = EventFormat.of(query.text("format"), Optional.ofNullable(request.getHeader("Accept")));
        EventSelection selection = new EventSelection(
                types(query),
                query.number("from", 1, Long.MAX_VALUE).orElse(1),
                query.number("to", 1, Long.MAX_VALUE).orElse(Long.MAX_VALUE));
        Optional<GivenCursor> cursor = cursor(run, query);
        switch (format) {
            case JSON -> {
                int limit = query.count("limit", 1, MAX_LIMIT).orElse(DEFAULT_LIMIT);
                page(run, selection, cursor, limit, response);
            }
            case NDJSON -> {
                long limit = query.number("limit", 1, Long.MAX_VALUE).orElse(Long.MAX_VALUE);
                download(run, selection, cursor, limit, request.getMethod().equals("HEAD"), response);
            }
        }
    }

    private void page(
            RunId run, EventSelection selection, Optional<GivenCursor> cursor, int limit, HttpServletResponse response)
            throws IOException, InterruptedException {
        EventPage page;
        try (RunFeed feed = open(run, cursor)) {
            page = new EventPage(run, cursors, limit, feed.cursor());
            new EventReading(view, selection, page).run(feed, PAGE_WITHIN);
        }
        byte[] body = page.toBytes();
        begin(response, EventFormat.JSON);
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }

    private void download(
            RunId run,
            EventSelection selection,
            Optional<GivenCursor> cursor,
            long limit,
            boolean headersOnly,
            HttpServletResponse response)
            throws IOException, InterruptedException {
        try (RunFeed feed = open(run, cursor)) {
            begin(response, EventFormat.NDJSON);
            response.setHeader("Content-Disposition", "attachment; filename=\"" + run + ".ndjson\"");
            if (headersOnly) {
                // Else the server takes it for an answer of no length.
                response.flushBuffer();
                return;
            }
            Ndjson lines = new Ndjson(response.getOutputStream(), limit);
            new EventReading(view, selection, lines).run(feed, NO_BOUND);
            lines.flush();
        }
    }

    private RunFeed open(RunId run, Optional<GivenCursor> cursor) throws InterruptedException {
        return cursor.isPresent()
                ? feeds.after(directory.require(run, decideWithin), cursor.get(), RunLog.Until.NOW)
                : feeds.fromBeginning(directory.require(run), RunLog.Until.NOW);
    }

    private static void begin(HttpServletResponse response, EventFormat format) {
        response.setContentType(format.type());
        response.setHeader("Cache-Control", "no-store");
    }

    private Optional<GivenCursor> cursor(RunId run, QueryParameters query) throws InterruptedException {
        Optional<String> token = query.text("cursor");
        return token.isPresent() ? Optional.of(cursors.given("cursor", run, token.get())) : Optional.empty();
    }

    private static Set<String> types(QueryParameters query) {
        Set<String> types = new HashSet<>(query.texts("type"));
        if (!types.stream().allMatch(it -> TYPE.matcher(it).matches())) {
            throw RunProblem.invalid("invalid_value", "type", "A type is as in console.line.");
        }
        return types;
    }
}
