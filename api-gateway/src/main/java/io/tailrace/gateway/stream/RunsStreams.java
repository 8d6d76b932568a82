package io.tailrace.gateway.stream;

import io.tailrace.events.id.RunId;
import io.tailrace.gateway.cursor.Cursors;
import io.tailrace.gateway.cursor.GivenCursor;
import io.tailrace.gateway.problem.AnswerCaching;
import io.tailrace.gateway.problem.RunProblem;
import io.tailrace.gateway.runs.RunDirectory;
import io.tailrace.gateway.view.SseFrame;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves streams of several runs, under the rules of {@link RunStreams}: a connection takes one place, however many runs it
 * has, and is never told 503. {@link #serve} returns when the stream has ended or the client is gone. Thread-safe.
 */
final class RunsStreams {
    private static final Duration TRY_AGAIN = Duration.ofSeconds(1);

    private static final Logger LOG = LoggerFactory.getLogger(RunsStreams.class);

    private final StreamOpener opener;
    private final RunDirectory directory;
    private final OpenStreams streams;
    private final StreamMeters meters;
    private final StreamSettings settings;
    private final Cursors cursors;
    private final Duration decideWithin;

    RunsStreams(
            StreamOpener opener,
            RunDirectory directory,
            OpenStreams streams,
            StreamMeters meters,
            StreamSettings settings,
            Cursors cursors,
            Duration decideWithin) {
        this.opener = opener;
        this.directory = directory;
        this.streams = streams;
        this.meters = meters;
        this.settings = settings;
        this.cursors = cursors;
        this.decideWithin = decideWithin;
    }

    /**
     * Streams the runs from the places that a client has come to.
     *
     * @throws RunProblem if there is no such run, or a cursor cannot be used; never 503
     */
    void serve(RunsRequest asked, HttpServletRequest request, HttpServletResponse response)
            throws IOException, InterruptedException {
        response.setHeader("Cache-Control", AnswerCaching.OF_STREAMS);
        boolean headOnly = request.getMethod().equals("HEAD");
        if (!streams.enter()) {
            sendElsewhere(asked, headOnly, response);
            return;
        }
        try {
            Optional<Map<RunId, GivenCursor>> given = opener.given(asked);
            if (given.isPresent()) {
                serve(asked, given.get(), headOnly, response);
            } else {
                RunStreams.begin(response, headOnly);
                if (!headOnly) {
                    hold(asked, response.getOutputStream());
                }
            }
        } catch (IOException gone) {
            LOG.debug("A client of {} runs is gone", asked.runs().size(), gone);
        } finally {
            streams.leave();
        }
    }

    private void serve(RunsRequest asked, Map<RunId, GivenCursor> given, boolean headOnly, HttpServletResponse response)
            throws IOException, InterruptedException {
        try (RunsConnection connection = connection(asked, given)) {
            if (connection.open(decideWithin)) {
                meters.opened("end");
                response.setStatus(HttpServletResponse.SC_NO_CONTENT);
                return;
            }
            RunStreams.begin(response, headOnly);
            if (!headOnly) {
                connection.stream(response.getOutputStream(), RunStreams.jittered(settings.maxAge(), 0.2));
            }
        }
    }

    private RunsConnection connection(RunsRequest asked, Map<RunId, GivenCursor> given) {
        return new RunsConnection(asked, given, opener, directory, streams, cursors, meters, settings);
    }

    /** There is no room, or the gateway is shutting down. */
    private void sendElsewhere(RunsRequest asked, boolean headOnly, HttpServletResponse response)
            throws IOException, InterruptedException {
        opener.check(asked, decideWithin);
        meters.opened("no_room");
        RunStreams.begin(response, headOnly);
        if (!headOnly) {
            OutputStream out = response.getOutputStream();
            out.write(SseFrame.heartbeat());
            RunStreams.comeAgain(
                    asked.view(),
                    out,
                    streams.isDraining() ? RunStream.SHORT_RETRY : RunStreams.jittered(RunStreams.ROOM_RETRY, 0.7));
        }
    }

    /** What the client has cannot be told yet, and the answer has begun: a refusal is told to the next request. */
    private void hold(RunsRequest asked, OutputStream out) throws IOException, InterruptedException {
        meters.opened("held");
        long until =
                System.nanoTime() + RunStreams.jittered(settings.maxAge(), 0.2).toNanos();
        try {
            while (!streams.isDraining() && System.nanoTime() < until) {
                out.write(SseFrame.heartbeat());
                out.flush();
                TimeUnit.NANOSECONDS.sleep(pause().toNanos());
                Optional<Map<RunId, GivenCursor>> given = opener.given(asked);
                if (given.isPresent()) {
                    try (RunsConnection connection = connection(asked, given.get())) {
                        if (!connection.open(decideWithin)) {
                            connection.stream(out, RunStreams.jittered(settings.maxAge(), 0.2));
                            return;
                        }
                    }
                    break;
                }
            }
        } catch (RunProblem refused) {
            LOG.debug("A stream of {} runs ends: {}", asked.runs().size(), refused.detail());
        }
        RunStreams.comeAgain(asked.view(), out, RunStream.SHORT_RETRY);
    }

    private Duration pause() {
        Duration least = settings.heartbeat().compareTo(TRY_AGAIN) < 0 ? settings.heartbeat() : TRY_AGAIN;
        return RunStreams.jittered(least, 0.3);
    }
}
