package io.tailrace.worker.queue;

import io.tailrace.events.log.TraceContext;
import io.tailrace.events.run.Outcome;
import io.tailrace.service.trace.AttemptSpan;
import io.tailrace.service.trace.RunSpan;
import io.tailrace.service.trace.Traces;
import io.tailrace.worker.attempt.AttemptId;
import java.util.Locale;
import java.util.Optional;

/**
 * The span of one attempt, from its claim to its end. All that the attempt appends goes out with its place in the trace.
 * A worker that is killed cannot tell it: the coordinator does, from the claim. Safe from any thread.
 */
final class AttemptTrace implements AutoCloseable {
    private static final String OUTCOME = "tailrace.outcome";

    private final RunSpan span;

    private AttemptTrace(RunSpan span) {
        this.span = span;
    }

    /** @param request what its request came with */
    static AttemptTrace begin(Traces traces, AttemptId id, Optional<TraceContext> request) {
        RunSpan span = traces.beginConsumed(AttemptSpan.NAME, request);
        AttemptSpan.describe(span, id.stage(), id.attempt(), id.worker());
        return new AttemptTrace(span);
    }

    Optional<TraceContext> context() {
        return span.context();
    }

    /** Does something on this thread as a part of the attempt. */
    <E extends Exception> void during(RunSpan.Action<E> action) throws E {
        span.during(action);
    }

    /** The attempt says how the stage ends. */
    void ends(Outcome outcome) {
        endedBy("result").with(OUTCOME, outcome.name().toLowerCase(Locale.ROOT));
        if (outcome == Outcome.FAILED) {
            span.failed("stage_failed", "The stage failed; its last event says why.");
        }
    }

    /** The stage is another's: this attempt has done nothing. */
    void beaten() {
        var _ = endedBy("void_claim");
    }

    void givenBack(String reason) {
        var _ = endedBy("release").with("tailrace.release_reason", reason);
    }

    void lost(Exception how) {
        endedBy("loss").failed("attempt_lost", String.valueOf(how.getMessage()));
    }

    void fault(Throwable fault) {
        span.failed("worker_fault", fault.toString());
    }

    private RunSpan endedBy(String what) {
        return span.with(AttemptSpan.ENDED_BY, what);
    }

    @Override
    public void close() {
        span.close();
    }
}
