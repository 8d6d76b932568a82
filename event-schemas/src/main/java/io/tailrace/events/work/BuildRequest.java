package io.tailrace.events.work;

import io.tailrace.events.id.Attempt;
import io.tailrace.events.id.AvroName;
import io.tailrace.events.id.RunId;
import io.tailrace.events.id.StageId;
import io.tailrace.events.id.WorkspaceId;
import io.tailrace.events.log.LogPosition;
import io.tailrace.events.log.StageKind;
import io.tailrace.events.plan.BuildStep;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A record of build-requests: one attempt at one stage, to be taken by one worker.
 *
 * @param chapterFrom the stage's partition, and a position before which nothing of the stage lies
 * @param requestedAt when this attempt was dispatched
 * @param results of the earlier steps that the step's inputs name, each once; absent where there are none
 * @param call the call of a tool that it executes: then the step's inputs are from its arguments
 */
@AvroName(namespace = "io.tailrace.events.work")
public record BuildRequest(
        RunId runId,
        StageId stageId,
        Attempt attempt,
        WorkspaceId workspace,
        BuildStep step,
        LogPosition chapterFrom,
        Instant requestedAt,
        Optional<List<StepResult>> results,
        Optional<ToolBuild> call)
        implements WorkRequest {
    public BuildRequest {
        results = results.filter(it -> !it.isEmpty()).map(List::copyOf);
    }

    /** A request for a build that uses no results. */
    public BuildRequest(
            RunId runId,
            StageId stageId,
            Attempt attempt,
            WorkspaceId workspace,
            BuildStep step,
            LogPosition chapterFrom,
            Instant requestedAt) {
        this(runId, stageId, attempt, workspace, step, chapterFrom, requestedAt, Optional.empty(), Optional.empty());
    }

    /** Where the results lie that the step's inputs name; empty where there are none. */
    public List<StepResult> resultList() {
        return results.orElse(List.of());
    }

    @Override
    public StageKind kind() {
        return StageKind.BUILD;
    }
}
