package io.tailrace.gateway.events;

import io.tailrace.events.reading.ReadItem;
import java.io.IOException;

/** What an answer shows of a run. Made for one answer, and confined to its thread. */
public interface EventSource {
    /**
     * Gives what is to be shown of a record to a sink.
     *
     * @param from how many of its events the client has already
     * @return whether more is wanted
     */
    boolean events(ReadItem.Numbered item, int from, EventSink sink) throws IOException;

    /** Whether what it shows depends on what came before, which {@link #past} tells it then. */
    boolean needsPast();

    /** Takes a record whose first events the client has already, and as many as {@code to}. */
    void past(ReadItem.Numbered item, int to);

    /** What follows begins with the run's first event. */
    void reset();
}
