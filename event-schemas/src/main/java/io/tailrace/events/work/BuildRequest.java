package io.tailrace.events.work;

import io.tailrace.events.id.Attempt;
import io.tailrace.events.id.RunId;
import io.tailrace.events.id.StageId;
import io.tailrace.events.id.WorkspaceId;
import io.tailrace.events.log.LogPosition;
import io.tailrace.events.plan.BuildStep;
import java.time.Instant;

/**
 * A record of build-requests: one attempt at one stage, to be taken by one worker.
 *
 * @param chapterFrom the stage's partition, and a position before which nothing of the stage lies
 * @param requestedAt when this attempt was dispatched
 */
public record BuildRequest(
        RunId runId,
        StageId stageId,
        Attempt attempt,
        WorkspaceId workspace,
        BuildStep step,
        LogPosition chapterFrom,
        Instant requestedAt)
        implements WorkRequest {}
