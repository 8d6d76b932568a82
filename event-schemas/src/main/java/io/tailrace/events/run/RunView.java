package io.tailrace.events.run;

import io.tailrace.events.id.Attempt;
import io.tailrace.events.id.RunId;
import io.tailrace.events.id.StageId;
import io.tailrace.events.id.WorkerId;
import io.tailrace.events.id.WorkspaceId;
import io.tailrace.events.plan.Limits;
import io.tailrace.events.plan.Plan;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The current state of a run as the read model has it, projected from run-events alone.
 *
 * @param firstOffset the offset of its {@code run.created} in run-events: where a reader starts
 * @param numbered the last spine record whose sequence is known: what a snapshot's cursor points at
 * @param lastOffset the offset of the last record of run-events that went into this view
 */
public record RunView(
        RunId runId,
        WorkspaceId workspace,
        String kind,
        Optional<String> title,
        RunStatus status,
        Instant createdAt,
        Optional<Instant> startedAt,
        Optional<Instant> completedAt,
        Optional<Instant> cancelRequestedAt,
        Optional<RunId> retryOf,
        Optional<Failure> failure,
        Plan plan,
        Limits limits,
        List<StageView> stages,
        String requestDigest,
        int partition,
        long firstOffset,
        NumberedSpot numbered,
        long lastOffset) {
    public RunView {
        stages = List.copyOf(stages);
    }

    /** A spine record whose sequence is known. {@code eventIdPrefix}: the first four bytes of its event id. */
    public record NumberedSpot(long offset, long sequence, int eventIdPrefix) {}

    /** What became of one stage. */
    public record StageView(
            StageId stageId,
            int step,
            Attempt attempt,
            Optional<Outcome> outcome,
            Optional<WorkerId> worker,
            Instant requestedAt,
            Optional<Instant> startedAt,
            Optional<Instant> finishedAt,
            Optional<Duration> duration,
            Optional<Failure> failure) {}
}
