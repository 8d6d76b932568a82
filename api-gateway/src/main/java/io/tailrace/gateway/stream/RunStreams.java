package io.tailrace.gateway.stream;

import io.tailrace.gateway.problem.AnswerCaching;
import io.tailrace.gateway.problem.RunProblem;
import io.tailrace.gateway.view.MappedView;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves streams of one run, in whatever view, and of several. Each connection takes one place for each 50 runs that it has
 * and one virtual thread: {@link #serve} returns when the stream has ended or the client is gone. Thread-safe.
 */
public final class RunStreams {
    private static final Logger LOG = LoggerFactory.getLogger(RunStreams.class);

    private final StreamContext context;

    RunStreams(StreamContext context) {
        this.context = context;
    }

    /**
     * Streams a run from the place a client has come to. A client that may have the stream gets it or 204, or is kept with
     * heartbeats, as long as a stream may be open, until it can be served: an EventSource never comes back from an error.
     *
     * @throws RunProblem if there is no such run, it is not admitted, or the cursor cannot be used; never 503
     */
    public void serve(StreamRequest asked, HttpServletRequest request, HttpServletResponse response)
            throws IOException, InterruptedException {
        serve(new ServedRun(asked, context), request, response);
    }

    /**
     * Streams several runs from the places that a client has come to, under the same rules.
     *
     * @throws RunProblem if there is no such run, or a cursor cannot be used; never 503
     */
    void serve(RunsRequest asked, HttpServletRequest request, HttpServletResponse response)
            throws IOException, InterruptedException {
        serve(new ServedRuns(asked, context), request, response);
    }

    /** Lets a client come again that asks for what cannot be told now. */
    void serveLater(MappedView view, HttpServletRequest request, HttpServletResponse response)
            throws IOException, InterruptedException {
        serve(new ServedLater(view, context), request, response);
    }

    private void serve(Served served, HttpServletRequest request, HttpServletResponse response)
            throws IOException, InterruptedException {
        response.setHeader("Cache-Control", AnswerCaching.OF_STREAMS);
        boolean headOnly = request.getMethod().equals("HEAD");
        boolean place = context.streams().enter(served.places());
        try {
            if (place) {
                served.serve(headOnly, response);
            } else {
                sendElsewhere(served, headOnly, response);
            }
        } catch (IOException gone) {
            LOG.debug("A client is gone", gone);
        } finally {
            if (place) {
                context.streams().leave(served.places());
            }
        }
    }

    /** There is no room, or the gateway is shutting down. */
    private void sendElsewhere(Served served, boolean headOnly, HttpServletResponse response)
            throws IOException, InterruptedException {
        served.check();
        context.meters().opened("no_room");
        Served.begin(response, headOnly);
        if (!headOnly) {
            OutputStream out = response.getOutputStream();
            out.write(served.heartbeat());
            served.comeAgain(out, context.retryWithoutPlace());
        }
    }
}
