package io.tailrace.gateway.stream;

import io.tailrace.events.id.RunId;
import io.tailrace.events.run.RunView;
import io.tailrace.gateway.problem.RunProblem;
import io.tailrace.gateway.request.QueryParameters;
import io.tailrace.gateway.view.StreamView;
import java.util.Optional;

/**
 * What a client asks for that wants to watch a run.
 *
 * @param last the cursor of the last event that the client has, not looked at yet; empty if it has none
 * @param fromNow whether a client without a cursor wants only what comes from now on
 * @param view what the run is to look like
 * @param admission whether it may be streamed here
 */
public record StreamRequest(
        RunId run, Optional<LastEventId> last, boolean fromNow, StreamView view, Admission admission) {
    /** Whether a run may be streamed here, as soon as it is known what it is. */
    @FunctionalInterface
    public interface Admission {
        /**
         * Lets the run through, or refuses it.
         *
         * @throws RunProblem if it may not be streamed here
         */
        void check(RunView run);
    }

    /**
     * Whether a query has {@code from=now}.
     *
     * @throws RunProblem {@code invalid_value}
     */
    static boolean fromNow(QueryParameters query) {
        Optional<String> from = query.text("from");
        if (from.isPresent() && !from.get().equals("now")) {
            throw RunProblem.invalid("invalid_value", "from", "The only value is now.");
        }
        return from.isPresent();
    }

    /** What a client without a cursor asks for. */
    public static StreamRequest fromBeginning(RunId run, StreamView view, Admission admission) {
        return new StreamRequest(run, Optional.empty(), false, view, admission);
    }
}
