package io.tailrace.gateway.stream;

import io.tailrace.events.reading.RunCursor;
import io.tailrace.gateway.view.StreamView;
import io.tailrace.runlog.RunFeed;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;

/** The stream of one run. Confined to the connection's (virtual) thread. */
record ServedRun(StreamRequest asked, StreamContext context) implements Served {
    @Override
    public void check() throws InterruptedException {
        context.opener().check(asked, context.decideWithin());
    }

    @Override
    public byte[] heartbeat() {
        return view().heartbeat(asked.run(), Optional.empty());
    }

    @Override
    public StreamView view() {
        return asked.view();
    }

    @Override
    public void serve(boolean headOnly, HttpServletResponse response) throws IOException, InterruptedException {
        Optional<RunFeed> opened = context.opener().open(asked, context.decideWithin());
        if (opened.isPresent()) {
            try (RunFeed feed = opened.get()) {
                serve(feed, headOnly, response);
            }
        } else {
            Served.begin(response, headOnly);
            if (!headOnly) {
                hold(response.getOutputStream());
            }
        }
    }

    private void serve(RunFeed feed, boolean headOnly, HttpServletResponse response)
            throws IOException, InterruptedException {
        if (feed.isOver()) {
            context.meters().opened("end");
            response.setStatus(HttpServletResponse.SC_NO_CONTENT);
            return;
        }
        Served.begin(response, headOnly);
        if (!headOnly) {
            write(feed, response.getOutputStream());
        }
    }

    /** The answer has begun, so a refusal is no answer any more: the client comes again, and is told then. */
    private void hold(OutputStream out) throws IOException, InterruptedException {
        context.meters().opened("held");
        HeldStream held = new HeldStream(
                asked.run(),
                it -> context.opener().open(asked, it),
                context.directory(),
                context.settings().heartbeat(),
                context.streams()::isDraining);
        Optional<RunFeed> opened = held.await(() -> beat(out), context.age());
        if (opened.isEmpty()) {
            comeAgain(out, RunStream.SHORT_RETRY);
            return;
        }
        try (RunFeed feed = opened.get()) {
            if (feed.isOver()) {
                comeAgain(out, RunStream.SHORT_RETRY);
            } else {
                write(feed, out);
            }
        }
    }

    private void beat(OutputStream out) throws IOException {
        out.write(heartbeat());
        out.flush();
    }

    private void write(RunFeed feed, OutputStream out) throws IOException, InterruptedException {
        OpenStreams streams = context.streams();
        streams.add(feed);
        try {
            ConnectionFrames frames = ConnectionFrames.of(
                    asked.run(),
                    view(),
                    RunCursor.beforeFirst(feed.cursor().epoch(), feed.cursor().partition(), asked.run()));
            ReadPast past =
                    new ReadPast(asked, context.opener(), context.settings().heartbeat(), streams::isDraining);
            if (!past.read(feed, frames, out)) {
                comeAgain(out, RunStream.SHORT_RETRY);
                return;
            }
            new RunStream(asked.run(), feed, out, view(), frames, context.cursors(), context.meters())
                    .run(asked.last().map(LastEventId::text), context.settings(), context.age(), streams::isDraining);
        } finally {
            streams.remove(feed);
        }
    }
}
