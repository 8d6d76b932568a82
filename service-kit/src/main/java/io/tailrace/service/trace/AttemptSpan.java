package io.tailrace.service.trace;

import io.tailrace.events.id.Attempt;
import io.tailrace.events.id.StageId;
import io.tailrace.events.id.WorkerId;

/**
 * What the span of an attempt at a stage is called and says, whoever tells it: the worker that executes it, or the
 * coordinator when that worker is lost.
 */
public final class AttemptSpan {
    public static final String NAME = "stage.attempt";
    public static final String RUN = "tailrace.run.id";
    public static final String STAGE = "tailrace.stage.id";
    public static final String ATTEMPT = "tailrace.attempt";
    public static final String WORKER = "tailrace.worker.id";

    /** How it ended: the type of the record that ended it, or why there is none. */
    public static final String ENDED_BY = "tailrace.ended_by";

    private AttemptSpan() {}

    /** Says whose attempt at what it is. */
    public static void describe(RunSpan span, StageId stage, Attempt attempt, WorkerId worker) {
        span.with(RUN, stage.run().value())
                .with(STAGE, stage.value())
                .with(ATTEMPT, attempt.value())
                .with(WORKER, worker.value());
    }
}
