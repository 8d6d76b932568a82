package io.tailrace.gateway.stream;

import io.tailrace.runlog.Delivery;
import io.tailrace.runlog.SharedRecord.PieceSink;

/** The frames of one run on one connection. Confined to the thread that reads the run. */
interface RunFrames {
    /** The frames of events, piece by piece. */
    <E extends Exception> void events(Delivery.Events events, PieceSink<E> sink) throws E;

    /** What is said between events; perhaps nothing. */
    byte[] control(Delivery.Control control, String id);
}
