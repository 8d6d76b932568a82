package io.tailrace.events.work;

import io.tailrace.events.log.StageKind;

/** A record of a work queue: one attempt at one stage. */
public sealed interface WorkRequest permits BuildRequest, TurnRequest {
    /** The kind of the stage. */
    StageKind kind();
}
