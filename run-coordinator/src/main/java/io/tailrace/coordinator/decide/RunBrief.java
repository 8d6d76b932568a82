package io.tailrace.coordinator.decide;

import io.tailrace.events.id.RunId;
import io.tailrace.events.id.WorkspaceId;
import io.tailrace.events.plan.Limits;
import io.tailrace.events.plan.Plan;
import java.time.Instant;

/** What was asked for: the part of a run's state that never changes. */
public record RunBrief(RunId run, WorkspaceId workspace, Plan plan, Limits limits, Instant createdAt) {
    /** How many steps the plan has. */
    public int steps() {
        return plan.steps().size();
    }
}
