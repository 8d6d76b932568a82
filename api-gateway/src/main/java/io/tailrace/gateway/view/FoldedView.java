package io.tailrace.gateway.view;

import io.tailrace.events.id.RunId;
import io.tailrace.events.reading.ReadItem;
import io.tailrace.events.reading.RunCursor;
import io.tailrace.gateway.json.JsonBytes;
import io.tailrace.runlog.Delivery;
import java.time.Duration;

/**
 * A view whose frames depend on what came before, such as one that says that a message begins, goes on and ends. Its state
 * is a function of the events alone, so whoever resumes at a cursor gets it back: the run is folded from its beginning up
 * to there, and what that writes is dropped. That costs a reading of the run for each client that comes back, and frames
 * are made for each connection by itself.
 *
 * @param <S> immutable
 */
public non-sealed interface FoldedView<S> extends StreamView {
    /** The state before a run's first event. */
    S before(RunId run);

    /**
     * Takes events of one record.
     *
     * @param before the place before the first of them: the id of all frames of an event but its last
     * @param from the first one's index in the record (inclusive, from 0)
     * @param to the index after the last one
     * @param out gets their frames, perhaps none
     * @return the state after them
     */
    S events(S state, RunCursor before, ReadItem.Numbered item, int from, int to, JsonBytes out);

    /**
     * The first frames of a connection.
     *
     * @param state what the client's last event left
     * @param retry how long the client is to wait before it connects again
     * @param id the place that the client goes on from
     */
    byte[] open(S state, RunId run, Duration retry, String id);

    /**
     * What is said between events. After a reset the run begins anew.
     *
     * @param id the place that the client has come to
     * @param out gets the frames, perhaps none
     * @return the state after it
     */
    S control(S state, RunId run, Delivery.Control control, String id, JsonBytes out);
}
