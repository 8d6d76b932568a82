package io.tailrace.coordinator.decide;

import io.tailrace.events.id.EventId;
import io.tailrace.events.id.StageId;
import io.tailrace.events.log.Topic;
import io.tailrace.events.run.RunEvent;
import io.tailrace.events.work.WorkRequest;
import java.util.List;

/**
 * What follows from an input.
 *
 * @param changes what the state is to be evolved by, in order
 * @param requests work requests to be sent with the events, in one transaction
 * @param aborts records that end a stage by force, to be appended to the stage's partition outside of the transaction;
 *     they take effect when they are read back
 */
public record Decision(List<Change> changes, List<WorkRequest> requests, List<Abort> aborts) {
    /**
     * A record that ends a stage by force.
     *
     * @param topic the topic that the stage is executed in
     */
    public record Abort(EventId id, StageId stage, Topic topic, ForcedEnd end) {}

    /** The input changes nothing. */
    public static final Decision NOTHING = new Decision(List.of(), List.of(), List.of());

    public Decision {
        changes = List.copyOf(changes);
        requests = List.copyOf(requests);
        aborts = List.copyOf(aborts);
    }

    /** The facts stated, in order. */
    public List<RunEvent> events() {
        return changes.stream()
                .filter(Change.Emitted.class::isInstance)
                .map(it -> ((Change.Emitted) it).event())
                .toList();
    }

    /** The state that the changes make of this one. */
    public RunState applyTo(RunState state) {
        RunState evolved = state;
        for (Change change : changes) {
            evolved = evolved.evolve(change);
        }
        return evolved;
    }
}
