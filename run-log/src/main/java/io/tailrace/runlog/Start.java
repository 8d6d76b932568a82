package io.tailrace.runlog;

import io.tailrace.events.reading.RunCursor;

/** Where a reader of a run begins. */
public sealed interface Start {
    /** With the run's first event. */
    record FromBeginning() implements Start {}

    /** With the first event that the log does not have yet. */
    record Now() implements Start {}

    /** With the event after a cursor, whatever has become of the log since. */
    record After(RunCursor cursor) implements Start {}

    /** With a reset: what a client claims proves nothing, because no key of this log has sealed it. */
    record Unproven(RunCursor claimed) implements Start {}
}
