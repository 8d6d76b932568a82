package io.tailrace.gateway.stream;

import io.tailrace.events.id.RunId;
import io.tailrace.events.reading.RunCursor;
import io.tailrace.events.run.RunView;
import io.tailrace.gateway.log.CursorRefused;
import io.tailrace.gateway.log.LogUnreadable;
import io.tailrace.gateway.log.RunFeed;
import io.tailrace.gateway.log.RunLog;
import io.tailrace.gateway.log.RunSpot;
import io.tailrace.gateway.log.Start;
import io.tailrace.gateway.problem.RunProblem;
import io.tailrace.gateway.request.QueryParameters;
import io.tailrace.gateway.request.RunPath;
import io.tailrace.gateway.runs.RunDirectory;
import io.tailrace.gateway.view.EventJson;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** A run as Server-Sent Events: each connection is a cursor on the log, and one virtual thread. */
@RestController
final class RunStreamController {
    private static final Logger LOG = LoggerFactory.getLogger(RunStreamController.class);
    private static final String LAST_EVENT_ID = "Last-Event-ID";
    private static final Set<String> PARAMETERS = Set.of("cursor", "lastEventId", "from");

    private final RunDirectory directory;
    private final RunLog runs;
    private final EventJson view;
    private final CanonicalFrames frames;
    private final OpenStreams streams;
    private final StreamMeters meters;
    private final StreamSettings settings;
    private final Duration decideWithin;

    RunStreamController(
            RunDirectory directory,
            RunLog runs,
            EventJson view,
            OpenStreams streams,
            StreamMeters meters,
            StreamSettings settings,
            Duration decideWithin) {
        this.directory = directory;
        this.runs = runs;
        this.view = view;
        this.frames = new CanonicalFrames(view);
        this.streams = streams;
        this.meters = meters;
        this.settings = settings;
        this.decideWithin = decideWithin;
    }

    @GetMapping("/v1/runs/{id}/stream")
    void stream(@PathVariable String id, HttpServletRequest request, HttpServletResponse response)
            throws IOException, InterruptedException {
        RunId run = RunPath.run(id);
        QueryParameters query = QueryParameters.of(request, PARAMETERS);
        Optional<RunCursor> cursor = cursor(request, query);
        Optional<String> from = query.text("from");
        if (from.isPresent() && !from.get().equals("now")) {
            throw RunProblem.invalid("invalid_value", "from", "The only value is now.");
        }
        if (!streams.enter()) {
            throw RunProblem.tooManyStreams();
        }
        try (RunFeed feed = open(run, cursor, from.isPresent())) {
            if (feed.isOver()) {
                meters.opened("end");
                response.setStatus(HttpServletResponse.SC_NO_CONTENT);
                return;
            }
            begin(response);
            if (!request.getMethod().equals("HEAD")) {
                serve(run, cursor, feed, response);
            }
        } finally {
            streams.leave();
        }
    }

    private void serve(RunId run, Optional<RunCursor> cursor, RunFeed feed, HttpServletResponse response)
            throws IOException, InterruptedException {
        streams.add(feed);
        try {
            new RunStream(run, feed, response.getOutputStream(), frames, view, meters)
                    .run(cursor, settings, jittered(settings.maxAge()), streams::isDraining);
        } catch (IOException gone) {
            LOG.debug("A client of {} is gone", run, gone);
        } finally {
            streams.remove(feed);
        }
    }

    /** A fifth more or less, so that clients that came together do not come back together. */
    private static Duration jittered(Duration age) {
        return Duration.ofMillis(
                (long) (age.toMillis() * ThreadLocalRandom.current().nextDouble(0.8, 1.2)));
    }

    private RunFeed open(RunId run, Optional<RunCursor> cursor, boolean now) throws InterruptedException {
        if (cursor.isPresent() && !cursor.get().isOf(run)) {
            meters.opened("foreign");
            throw RunProblem.foreignCursor(LAST_EVENT_ID);
        }
        RunView found = cursor.isPresent()
                ? directory.requirePromised(run, cursor.get(), decideWithin)
                : directory.require(run);
        Start start =
                cursor.<Start>map(Start.After::new).orElseGet(() -> now ? new Start.Now() : new Start.FromBeginning());
        try {
            RunFeed feed = runs.open(RunSpot.of(found), start, RunLog.Until.END_OF_RUN);
            meters.opened(
                    switch (start) {
                        case Start.After _ -> "resumed";
                        case Start.Now _ -> "now";
                        case Start.FromBeginning _ -> "beginning";
                    });
            return feed;
        } catch (CursorRefused e) {
            meters.opened(e.isForeign() ? "foreign" : "malformed");
            throw e.isForeign()
                    ? RunProblem.foreignCursor(LAST_EVENT_ID)
                    : RunProblem.malformedCursor(LAST_EVENT_ID, String.valueOf(e.getMessage()));
        } catch (LogUnreadable _) {
            throw RunProblem.logUnreadable();
        }
    }

    /** The header beats the query: a client that reconnects repeats the URL of its first connection. */
    private Optional<RunCursor> cursor(HttpServletRequest request, QueryParameters query) {
        String header = request.getHeader(LAST_EVENT_ID);
        if (header != null && !header.isEmpty()) {
            return Optional.of(parse(LAST_EVENT_ID, header));
        }
        for (String name : new String[] {"cursor", "lastEventId"}) {
            Optional<String> token = query.text(name).filter(it -> !it.isEmpty());
            if (token.isPresent()) {
                return Optional.of(parse(name, token.get()));
            }
        }
        return Optional.empty();
    }

    private RunCursor parse(String field, String token) {
        try {
            return RunCursor.parse(token);
        } catch (RunCursor.MalformedCursor e) {
            meters.opened("malformed");
            throw RunProblem.malformedCursor(field, String.valueOf(e.getMessage()));
        }
    }

    private static void begin(HttpServletResponse response) {
        response.setContentType("text/event-stream");
        response.setHeader("Cache-Control", "no-cache");
        response.setHeader("X-Accel-Buffering", "no");
    }
}
