package io.tailrace.gateway.stream;

import io.tailrace.events.id.RunId;
import io.tailrace.events.log.LogRecord;
import io.tailrace.gateway.view.JsonBytes;
import io.tailrace.runlog.Rendering;
import java.util.Optional;

/** How a run looks to the clients of one view: a pure mapping of its events to frames. Thread-safe. */
public interface StreamView {
    /** Its records as frames. One instance for the life of the process, so that what was rendered is shared. */
    Rendering frames();

    /** What its clients get as {@code id:} and send back, for a cursor's token. */
    String id(RunId run, String token);

    /** What its clients are told at once, before it has its place in the order; empty where they are told nothing. */
    Optional<JsonBytes> notice(LogRecord record);
}
