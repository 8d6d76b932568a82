package io.tailrace.coordinator.topology;

import io.tailrace.events.id.Attempt;
import io.tailrace.events.id.AvroName;
import io.tailrace.events.id.StageId;
import io.tailrace.events.id.WorkerId;
import io.tailrace.events.log.TraceContext;
import java.time.Instant;
import java.util.Optional;

/**
 * Where an active run is in its trace. Stored beside its state, which it is no part of: nothing is decided by it, and a
 * run without one goes on without a trace.
 *
 * @param root what all its decisions hang below
 * @param request the decision that sent the last work request
 * @param held who holds the open stage and has not said its end
 */
@AvroName(namespace = "io.tailrace.coordinator.topology")
public record RunTrace(TraceContext root, Optional<TraceContext> request, Optional<Held> held) {

    /**
     * An attempt whose span its worker has begun.
     *
     * @param trace its span
     * @param since when the broker appended its claim
     */
    @AvroName(namespace = "io.tailrace.coordinator.topology", name = "HeldTrace")
    public record Held(StageId stage, Attempt attempt, WorkerId worker, TraceContext trace, Instant since) {}

    static RunTrace begunAt(TraceContext root) {
        return new RunTrace(root, Optional.empty(), Optional.empty());
    }

    RunTrace requestedBy(TraceContext decision) {
        return new RunTrace(root, Optional.of(decision), held);
    }

    RunTrace heldBy(Held attempt) {
        return new RunTrace(root, request, Optional.of(attempt));
    }

    RunTrace heldByNobody() {
        return new RunTrace(root, request, Optional.empty());
    }
}
