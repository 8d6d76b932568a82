package io.tailrace.gateway.stream;

import io.tailrace.events.reading.RunsToken;
import io.tailrace.gateway.problem.RunProblem;
import io.tailrace.gateway.view.SseFrame;
import io.tailrace.gateway.view.StreamView;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The stream of several runs. Confined to the connection's (virtual) thread. */
record ServedRuns(RunsRequest asked, StreamContext context) implements Served {
    private static final Duration TRY_AGAIN = Duration.ofSeconds(1);

    private static final Logger LOG = LoggerFactory.getLogger(ServedRuns.class);

    @Override
    public void check() throws InterruptedException {
        context.opener().check(asked, context.decideWithin());
    }

    @Override
    public int places() {
        return Math.ceilDiv(asked.runs().size(), RunsToken.MAX_RUNS);
    }

    @Override
    public byte[] heartbeat() {
        return SseFrame.heartbeat();
    }

    @Override
    public StreamView view() {
        return asked.view();
    }

    @Override
    public void serve(boolean headOnly, HttpServletResponse response) throws IOException, InterruptedException {
        Optional<GivenRuns> given = context.opener().given(asked);
        if (given.isPresent()) {
            serve(given.get(), headOnly, response);
        } else {
            Served.begin(response, headOnly);
            if (!headOnly) {
                hold(response.getOutputStream());
            }
        }
    }

    private void serve(GivenRuns given, boolean headOnly, HttpServletResponse response)
            throws IOException, InterruptedException {
        try (RunsConnection connection = new RunsConnection(asked, given, context)) {
            if (connection.open(context.decideWithin())) {
                context.meters().opened("end");
                response.setStatus(HttpServletResponse.SC_NO_CONTENT);
                return;
            }
            Served.begin(response, headOnly);
            if (!headOnly) {
                stream(connection, response.getOutputStream());
            }
        }
    }

    private void stream(RunsConnection connection, OutputStream out) throws IOException, InterruptedException {
        if (!connection.stream(out, context.age())) {
            comeAgain(out, RunStream.SHORT_RETRY);
        }
    }

    /** What the client has cannot be told yet, and the answer has begun: a refusal is told to the next request. */
    private void hold(OutputStream out) throws IOException, InterruptedException {
        context.meters().opened("held");
        long until = System.nanoTime() + context.age().toNanos();
        try {
            while (!context.streams().isDraining() && System.nanoTime() < until) {
                out.write(heartbeat());
                out.flush();
                TimeUnit.NANOSECONDS.sleep(pause().toNanos());
                Optional<GivenRuns> given = context.opener().given(asked);
                if (given.isPresent()) {
                    try (RunsConnection connection = new RunsConnection(asked, given.get(), context)) {
                        if (!connection.open(context.decideWithin())) {
                            stream(connection, out);
                            return;
                        }
                    }
                    break;
                }
            }
        } catch (RunProblem refused) {
            LOG.debug("A stream of {} runs ends: {}", asked.runs().size(), refused.detail());
        }
        comeAgain(out, RunStream.SHORT_RETRY);
    }

    private Duration pause() {
        Duration heartbeat = context.settings().heartbeat();
        return StreamContext.jittered(heartbeat.compareTo(TRY_AGAIN) < 0 ? heartbeat : TRY_AGAIN, 0.3);
    }
}
