package io.tailrace.gateway.runs;

import io.tailrace.events.id.RunId;
import io.tailrace.events.id.WorkspaceId;
import io.tailrace.events.kafka.KafkaRecords;
import io.tailrace.events.plan.BuildStep;
import io.tailrace.events.plan.Limits;
import io.tailrace.events.plan.Plan;
import io.tailrace.events.run.RunStatus;
import io.tailrace.events.run.RunView;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Views for tests. */
final class Views {
    private Views() {}

    static RunView view(RunId run, long createdAt, RunStatus status, String workspace, String kind) {
        return new RunView(
                run,
                new WorkspaceId(workspace),
                kind,
                Optional.empty(),
                status,
                Instant.ofEpochMilli(createdAt),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                new Plan(List.of(new BuildStep(BuildStep.COMMANDS, Optional.of("hello"), List.of()))),
                Limits.DEFAULT,
                List.of(),
                "d".repeat(64),
                KafkaRecords.partitionOf(run, 12),
                0,
                new RunView.NumberedSpot(0, 1, 7),
                0);
    }
}
