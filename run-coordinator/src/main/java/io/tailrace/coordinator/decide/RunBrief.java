package io.tailrace.coordinator.decide;

import io.tailrace.events.id.AvroName;
import io.tailrace.events.id.RunId;
import io.tailrace.events.id.WorkspaceId;
import io.tailrace.events.log.Topic;
import io.tailrace.events.plan.Limits;
import io.tailrace.events.plan.Plan;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What was asked for: the part of a run's state that never changes.
 *
 * @param createdAt when the broker appended the creation
 * @param createdClock the tick clock of the first stage's topic when it was decided on; absent in what the previous releases stored
 */
@AvroName(namespace = "io.tailrace.coordinator.decide")
public record RunBrief(
        RunId run,
        WorkspaceId workspace,
        Plan plan,
        Limits limits,
        Instant createdAt,
        Optional<Duration> createdClock) {
    /** The same, created at this clock if it is not known at which. */
    public RunBrief createdNoEarlierThan(Duration clock) {
        return createdClock.isPresent()
                ? this
                : new RunBrief(run, workspace, plan, limits, createdAt, Optional.of(clock));
    }

    /** The topic by whose tick clock the run as a whole goes, whatever stage is open: that of its first stage. */
    Topic topic() {
        return plan.firstKind().events();
    }

    /** How many steps the plan has. */
    public int steps() {
        return plan.steps().size();
    }
}
