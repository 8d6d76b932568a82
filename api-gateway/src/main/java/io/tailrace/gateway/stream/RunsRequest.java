package io.tailrace.gateway.stream;

import io.tailrace.events.id.RunId;
import io.tailrace.gateway.view.MappedView;
import java.util.List;
import java.util.Optional;

/**
 * What a client asks for that wants to watch several runs over one connection.
 *
 * @param runs from 1 to {@link io.tailrace.events.reading.RunsToken#MAX_RUNS}, each once
 * @param field the header or parameter that the cursors came in; empty if there are none
 * @param last the cursors that the client sent, not looked at yet: one of several runs, or those of single ones
 * @param fromNow whether of runs that no cursor has it wants only what comes from now on
 * @param view what the runs are to look like
 */
record RunsRequest(List<RunId> runs, String field, List<String> last, boolean fromNow, MappedView view) {
    /** What it asks for of one of its runs, but for the cursor. */
    StreamRequest of(RunId run) {
        return new StreamRequest(run, Optional.empty(), fromNow, view, _ -> {});
    }
}
