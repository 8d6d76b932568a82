package io.tailrace.gateway.cursor;

import io.tailrace.events.id.RunId;
import io.tailrace.events.reading.RunCursor;
import io.tailrace.runlog.Start;

/**
 * A cursor that a client sent, of the run that it asks for.
 *
 * @param run of which it is
 * @param field the header or parameter that it came in, which a refusal names
 * @param token as the client sent it
 * @param cursor what it says
 * @param sealed whether a gateway of this log made it; if not it proves nothing and is never sealed
 */
public record GivenCursor(RunId run, String field, String token, RunCursor cursor, boolean sealed) {
    /** Where its client begins. */
    public Start start() {
        return sealed ? new Start.After(cursor) : new Start.Unproven(cursor);
    }
}
