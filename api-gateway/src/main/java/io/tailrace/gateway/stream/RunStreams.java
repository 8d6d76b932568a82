package io.tailrace.gateway.stream;

import io.tailrace.events.id.RunId;
import io.tailrace.events.run.RunView;
import io.tailrace.gateway.cursor.Cursors;
import io.tailrace.gateway.cursor.GivenCursor;
import io.tailrace.gateway.log.CursorRefused;
import io.tailrace.gateway.log.LogUnreadable;
import io.tailrace.gateway.log.RunFeed;
import io.tailrace.gateway.log.RunLog;
import io.tailrace.gateway.log.RunSpot;
import io.tailrace.gateway.log.Start;
import io.tailrace.gateway.problem.RunProblem;
import io.tailrace.gateway.runs.RunDirectory;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens streams of runs and serves them, in whatever view. Each connection is a cursor on the log, and one virtual
 * thread: {@link #serve} returns when the stream has ended or the client is gone. Thread-safe.
 */
public final class RunStreams {
    static final String LAST_EVENT_ID = "Last-Event-ID";
    private static final Logger LOG = LoggerFactory.getLogger(RunStreams.class);

    private final RunDirectory directory;
    private final RunLog runs;
    private final OpenStreams streams;
    private final StreamMeters meters;
    private final StreamSettings settings;
    private final Cursors cursors;
    private final Duration decideWithin;

    RunStreams(
            RunDirectory directory,
            RunLog runs,
            OpenStreams streams,
            StreamMeters meters,
            StreamSettings settings,
            Cursors cursors,
            Duration decideWithin) {
        this.directory = directory;
        this.runs = runs;
        this.streams = streams;
        this.meters = meters;
        this.settings = settings;
        this.cursors = cursors;
        this.decideWithin = decideWithin;
    }

    /** Whether a run may be streamed here, as soon as it is known what it is. */
    @FunctionalInterface
    public interface Admission {
        /**
         * Lets the run through, or refuses it.
         *
         * @throws RunProblem if it may not be streamed here
         */
        void check(RunView run);
    }

    /**
     * Streams a run from the place a client has come to. A run that is not decided yet is waited for with heartbeats, as
     * long as a stream may be open: an EventSource never comes back from an error.
     *
     * @param cursor the last event that the client has; empty for the run's beginning
     * @param now whether a client without a cursor wants only what comes from now on
     * @throws RunProblem if there is no such run, it is not admitted, or the cursor cannot be used
     */
    public void serve(
            RunId run,
            Optional<GivenCursor> cursor,
            boolean now,
            StreamView view,
            Admission admission,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException, InterruptedException {
        cursors.requireKey();
        if (!streams.enter()) {
            throw RunProblem.tooManyStreams();
        }
        try {
            Optional<RunView> found = directory.findDecided(run, decideWithin);
            if (found.isPresent()) {
                admission.check(found.get());
                serve(found.get(), cursor, now, view, request, response);
            } else {
                begin(response);
                if (!request.getMethod().equals("HEAD")) {
                    serveLater(run, cursor, now, view, admission, request, response);
                }
            }
        } finally {
            streams.leave();
        }
    }

    private void serve(
            RunView found,
            Optional<GivenCursor> cursor,
            boolean now,
            StreamView view,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException, InterruptedException {
        try (RunFeed feed = open(found, cursor, now)) {
            if (feed.isOver()) {
                meters.opened("end");
                response.setStatus(HttpServletResponse.SC_NO_CONTENT);
                return;
            }
            begin(response);
            if (!request.getMethod().equals("HEAD")) {
                write(found.runId(), cursor.map(GivenCursor::token), feed, view, response);
            }
        }
    }

    /** The answer has begun, so a refusal is no answer any more: the client comes again, and is told then. */
    private void serveLater(
            RunId run,
            Optional<GivenCursor> cursor,
            boolean now,
            StreamView view,
            Admission admission,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException, InterruptedException {
        meters.opened("undecided");
        UndecidedRun waiting = new UndecidedRun(run, directory, settings, streams::isDraining);
        try {
            Optional<RunView> found = waiting.await(response.getOutputStream(), jittered(settings.maxAge()));
            if (found.isPresent()) {
                admission.check(found.get());
                serve(found.get(), cursor, now, view, request, response);
            }
        } catch (IOException gone) {
            LOG.debug("A client of {} is gone", run, gone);
        } catch (RunProblem refused) {
            LOG.debug("A stream of {} has ended: {}", run, refused.detail());
        }
    }

    private void write(
            RunId run, Optional<String> cameWith, RunFeed feed, StreamView view, HttpServletResponse response)
            throws IOException, InterruptedException {
        streams.add(feed);
        try {
            new RunStream(run, feed, response.getOutputStream(), view, cursors, meters)
                    .run(cameWith, settings, jittered(settings.maxAge()), streams::isDraining);
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

    private RunFeed open(RunView found, Optional<GivenCursor> given, boolean now) throws InterruptedException {
        String field = given.map(GivenCursor::field).orElse(LAST_EVENT_ID);
        Start start = given.map(GivenCursor::start).orElseGet(() -> now ? new Start.Now() : new Start.FromBeginning());
        try {
            RunFeed feed = runs.open(RunSpot.of(found), start, RunLog.Until.END_OF_RUN);
            meters.opened(
                    switch (start) {
                        case Start.After _ -> "resumed";
                        case Start.Unproven _ -> "unproven";
                        case Start.Now _ -> "now";
                        case Start.FromBeginning _ -> "beginning";
                    });
            return feed;
        } catch (CursorRefused e) {
            meters.opened(e.isForeign() ? "foreign" : "malformed");
            throw e.isForeign()
                    ? RunProblem.foreignCursor(field)
                    : RunProblem.malformedCursor(field, String.valueOf(e.getMessage()));
        } catch (LogUnreadable e) {
            throw RunProblem.logUnreadable(e);
        }
    }

    /**
     * The cursor that a client of a stream sent.
     *
     * @param field where it came from
     * @throws RunProblem as {@link Cursors#given} does
     */
    public GivenCursor cursor(String field, RunId run, String token) throws InterruptedException {
        try {
            return cursors.given(field, run, token);
        } catch (RunProblem e) {
            meters.opened("refused");
            throw e;
        }
    }

    private static void begin(HttpServletResponse response) {
        response.setContentType("text/event-stream");
        response.setHeader("Cache-Control", "no-cache");
        response.setHeader("X-Accel-Buffering", "no");
    }
}
