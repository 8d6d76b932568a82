package io.tailrace.worker.attempt;

import io.tailrace.events.id.Attempt;
import io.tailrace.events.id.StageId;
import io.tailrace.events.id.WorkerId;

/** One worker's attempt at one stage: what the fence tells apart. */
public record AttemptId(StageId stage, Attempt attempt, WorkerId worker) {

    @Override
    public String toString() {
        return stage + " attempt " + attempt.value();
    }
}
