package io.tailrace.gateway.view;

import io.tailrace.events.id.RunId;
import java.time.Duration;
import java.util.Optional;

/**
 * A dialect of the stream: every byte that its clients get, those between and around the events included. Pure: the same
 * run makes the same frames for everybody, at whatever place a client came. One instance for the life of the process.
 * Thread-safe.
 *
 * <p>Each frame carries an id, which a client sends back to go on after it. Where one event makes several frames, only the
 * last may carry the cursor after the event: a client that is cut off between them gets all of them again.
 */
public sealed interface StreamView permits MappedView, FoldedView {
    /**
     * What its clients get as {@code id:} and send back, for a cursor's token. A view that makes something else of it than
     * the token has a route of its own, which undoes it.
     */
    default String id(RunId run, String token) {
        return token;
    }

    /**
     * Shows a client, and the proxies before it, that the connection is alive.
     *
     * @param id of the last frame; empty while the stream is not open yet
     */
    default byte[] heartbeat(RunId run, Optional<String> id) {
        return SseFrame.heartbeat();
    }

    /** Has a client that connects again wait so long before it does. Comes before the first frame, or after the last. */
    default byte[] retry(Duration wait) {
        return SseFrame.retry(wait);
    }
}
