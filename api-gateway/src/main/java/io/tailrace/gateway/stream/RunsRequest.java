package io.tailrace.gateway.stream;

import io.tailrace.events.id.RunId;
import io.tailrace.gateway.problem.RunProblem;
import io.tailrace.gateway.view.MappedView;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * What a client asks for that wants to watch several runs over one connection.
 *
 * @param runs at least one, each once: those that the request names, up to
 *     {@link io.tailrace.events.reading.RunsToken#MAX_RUNS}, or those of a subscription
 * @param subscription of a subscription, says whether it is still as it was; empty for runs that the request names
 * @param field the header or parameter that the cursors came in; empty if there are none
 * @param last the cursors that the client sent, not looked at yet: one of several runs, or those of single ones
 * @param fromNow whether of runs that no cursor has it wants only what comes from now on
 * @param view what the runs are to look like
 */
record RunsRequest(
        List<RunId> runs,
        Optional<BooleanSupplier> subscription,
        String field,
        List<String> last,
        boolean fromNow,
        MappedView view) {
    /** Whether the runs are those of a subscription. */
    boolean isSubscription() {
        return subscription.isPresent();
    }

    /** Whether the others are served although one of the runs is refused so: of a subscription's some are older than the log. */
    boolean goesOnWithout(RunProblem refused) {
        return isSubscription() && refused.code().equals(RunProblem.UNKNOWN_RUN);
    }

    /** Whether the runs are still those that the client asks for. */
    boolean isCurrent() {
        return subscription.isEmpty() || subscription.get().getAsBoolean();
    }

    /** What it asks for of one of its runs, but for the cursor. */
    StreamRequest of(RunId run) {
        return new StreamRequest(run, Optional.empty(), fromNow, view, _ -> {});
    }
}
