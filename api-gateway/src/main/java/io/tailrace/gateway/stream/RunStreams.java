package io.tailrace.gateway.stream;

import io.tailrace.events.reading.RunCursor;
import io.tailrace.gateway.cursor.Cursors;
import io.tailrace.gateway.problem.AnswerCaching;
import io.tailrace.gateway.problem.RunProblem;
import io.tailrace.gateway.runs.RunDirectory;
import io.tailrace.gateway.view.StreamView;
import io.tailrace.runlog.RunFeed;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves streams of runs, in whatever view. Each connection is a cursor on the log, and one virtual thread: {@link #serve}
 * returns when the stream has ended or the client is gone. Thread-safe.
 */
public final class RunStreams {
    /** Before a client for whom there is no room connects again. */
    static final Duration ROOM_RETRY = Duration.ofSeconds(3);

    private static final Logger LOG = LoggerFactory.getLogger(RunStreams.class);

    private final StreamOpener opener;
    private final RunDirectory directory;
    private final OpenStreams streams;
    private final StreamMeters meters;
    private final StreamSettings settings;
    private final Cursors cursors;
    private final Duration decideWithin;

    RunStreams(
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
     * Streams a run from the place a client has come to. A client that may have the stream gets it or 204, or is kept with
     * heartbeats, as long as a stream may be open, until it can be served: an EventSource never comes back from an error.
     *
     * @throws RunProblem if there is no such run, it is not admitted, or the cursor cannot be used; never 503
     */
    public void serve(StreamRequest asked, HttpServletRequest request, HttpServletResponse response)
            throws IOException, InterruptedException {
        response.setHeader("Cache-Control", AnswerCaching.OF_STREAMS);
        boolean headOnly = request.getMethod().equals("HEAD");
        if (!streams.enter()) {
            sendElsewhere(asked, headOnly, response);
            return;
        }
        try {
            Optional<RunFeed> opened = opener.open(asked, decideWithin);
            if (opened.isPresent()) {
                try (RunFeed feed = opened.get()) {
                    serve(asked, feed, headOnly, response);
                }
            } else {
                begin(response, headOnly);
                if (!headOnly) {
                    hold(asked, response);
                }
            }
        } finally {
            streams.leave();
        }
    }

    private void serve(StreamRequest asked, RunFeed feed, boolean headOnly, HttpServletResponse response)
            throws IOException, InterruptedException {
        if (feed.isOver()) {
            meters.opened("end");
            response.setStatus(HttpServletResponse.SC_NO_CONTENT);
            return;
        }
        begin(response, headOnly);
        if (!headOnly) {
            write(asked, feed, response);
        }
    }

    /** There is no room, or the gateway is shutting down. */
    private void sendElsewhere(StreamRequest asked, boolean headOnly, HttpServletResponse response)
            throws IOException, InterruptedException {
        opener.check(asked, decideWithin);
        meters.opened("no_room");
        begin(response, headOnly);
        if (!headOnly) {
            OutputStream out = response.getOutputStream();
            out.write(asked.view().heartbeat(asked.run(), Optional.empty()));
            comeAgain(asked.view(), out, streams.isDraining() ? RunStream.SHORT_RETRY : jittered(ROOM_RETRY, 0.7));
        }
    }

    /** The answer has begun, so a refusal is no answer any more: the client comes again, and is told then. */
    private void hold(StreamRequest asked, HttpServletResponse response) throws IOException, InterruptedException {
        meters.opened("held");
        HeldStream held = new HeldStream(
                asked.run(), it -> opener.open(asked, it), directory, settings.heartbeat(), streams::isDraining);
        OutputStream out = response.getOutputStream();
        try {
            Optional<RunFeed> opened = held.await(() -> beat(asked, out), jittered(settings.maxAge(), 0.2));
            if (opened.isEmpty()) {
                comeAgain(asked.view(), out, RunStream.SHORT_RETRY);
                return;
            }
            try (RunFeed feed = opened.get()) {
                if (feed.isOver()) {
                    comeAgain(asked.view(), out, RunStream.SHORT_RETRY);
                } else {
                    write(asked, feed, response);
                }
            }
        } catch (IOException gone) {
            LOG.debug("A client of {} is gone", asked.run(), gone);
        }
    }

    private static void beat(StreamRequest asked, OutputStream out) throws IOException {
        out.write(asked.view().heartbeat(asked.run(), Optional.empty()));
        out.flush();
    }

    static void comeAgain(StreamView view, OutputStream out, Duration after) throws IOException {
        out.write(view.retry(after));
        out.flush();
    }

    private void write(StreamRequest asked, RunFeed feed, HttpServletResponse response)
            throws IOException, InterruptedException {
        streams.add(feed);
        try {
            OutputStream out = response.getOutputStream();
            ConnectionFrames frames = ConnectionFrames.of(
                    asked.run(),
                    asked.view(),
                    RunCursor.beforeFirst(feed.cursor().epoch(), feed.cursor().partition(), asked.run()));
            if (!new ReadPast(asked, opener, settings.heartbeat(), streams::isDraining).read(feed, frames, out)) {
                comeAgain(asked.view(), out, RunStream.SHORT_RETRY);
                return;
            }
            new RunStream(asked.run(), feed, out, asked.view(), frames, cursors, meters)
                    .run(
                            asked.last().map(LastEventId::text),
                            settings,
                            jittered(settings.maxAge(), 0.2),
                            streams::isDraining);
        } catch (IOException gone) {
            LOG.debug("A client of {} is gone", asked.run(), gone);
        } finally {
            streams.remove(feed);
        }
    }

    /** Some part more or less, so that clients that came together do not come back together. */
    static Duration jittered(Duration about, double part) {
        return Duration.ofMillis(
                (long) (about.toMillis() * ThreadLocalRandom.current().nextDouble(1 - part, 1 + part)));
    }

    static void begin(HttpServletResponse response, boolean headOnly) throws IOException {
        response.setContentType("text/event-stream");
        response.setHeader("X-Accel-Buffering", "no");
        if (headOnly) {
            // Else the server takes it for an answer of no length.
            response.flushBuffer();
        }
    }
}
