package io.tailrace.gateway.stream;

import io.tailrace.gateway.problem.RunProblem;
import io.tailrace.gateway.view.StreamView;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;

/** The answer to one request for a stream. Confined to the connection's (virtual) thread. */
sealed interface Served permits ServedRun, ServedRuns, ServedLater {
    /**
     * Refuses what would be refused for certain, without opening anything.
     *
     * @throws RunProblem as {@link #serve}
     */
    void check() throws InterruptedException;

    /** How many of the gateway's places it takes: one for each 50 runs, whose threads and buffers a place stands for. */
    default int places() {
        return 1;
    }

    /** What shows a client that the connection is alive before its stream is open. */
    byte[] heartbeat();

    /** The dialect of the answer. */
    StreamView view();

    /**
     * Answers, and returns when the stream has ended.
     *
     * @throws RunProblem if there is no such run, it is not admitted, or a cursor cannot be used; never 503
     * @throws IOException if the client is gone
     */
    void serve(boolean headOnly, HttpServletResponse response) throws IOException, InterruptedException;

    /** Begins an answer that is a stream. */
    static void begin(HttpServletResponse response, boolean headOnly) throws IOException {
        response.setContentType("text/event-stream");
        response.setHeader("X-Accel-Buffering", "no");
        if (headOnly) {
            // Else the server takes it for an answer of no length.
            response.flushBuffer();
        }
    }

    /** Ends a stream whose client goes on over another connection. */
    default void comeAgain(OutputStream out, Duration after) throws IOException {
        out.write(view().retry(after));
        out.flush();
    }
}
