package io.tailrace.gateway.events;

import io.tailrace.events.reading.RunCursor;
import io.tailrace.gateway.json.JsonBytes;
import io.tailrace.runlog.Delivery;
import java.io.IOException;

/** Takes what is wanted of a run, in order. */
public interface EventSink {
    /** An event as one JSON object. */
    @FunctionalInterface
    interface Text {
        void write(JsonBytes out);
    }

    /**
     * One event.
     *
     * @param after the place after it
     * @return whether more is wanted
     */
    boolean event(RunCursor after, Text json) throws IOException;

    /** Events that retention has taken: their sequences, both inclusive. */
    void gap(long fromSequence, long toSequence) throws IOException;

    /** The cursor meant nothing in this log; what follows begins with the first event. */
    void reset(Delivery.ResetReason reason) throws IOException;

    /** Everything up to here was looked at. Called between deliveries. */
    default void examined(RunCursor cursor) {}

    /** The run has ended, or {@code to} was passed: there will never be more. */
    void finished() throws IOException;

    /** Nothing more is there now. */
    void upToDate(RunCursor cursor) throws IOException;
}
