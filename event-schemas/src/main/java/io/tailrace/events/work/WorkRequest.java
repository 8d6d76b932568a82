package io.tailrace.events.work;

import io.tailrace.events.id.Attempt;
import io.tailrace.events.id.RunId;
import io.tailrace.events.id.StageId;
import io.tailrace.events.log.StageKind;

/** A record of a work queue: one attempt at one stage. */
public sealed interface WorkRequest permits BuildRequest, TurnRequest {
    /** The Java record of this kind's queue. */
    static Class<? extends Record> recordOf(StageKind kind) {
        return switch (kind) {
            case BUILD -> BuildRequest.class;
            case TURN -> TurnRequest.class;
        };
    }

    RunId runId();

    StageId stageId();

    Attempt attempt();

    /** The kind of the stage. */
    StageKind kind();
}
