package io.tailrace.gateway.events;

import io.tailrace.events.reading.ReadItem;
import io.tailrace.events.reading.RunCursor;
import io.tailrace.gateway.json.RecordJson;
import io.tailrace.runlog.Delivery;
import java.io.IOException;

/** Takes what is wanted of a run, in order. */
interface EventSink {
    /**
     * One event.
     *
     * @param index of the event within its record, from 0
     * @return whether more is wanted
     */
    boolean event(ReadItem.Numbered item, RecordJson json, int index) throws IOException;

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
