package io.tailrace.coordinator.decide;

import io.tailrace.events.build.BuildEvent;
import io.tailrace.events.run.RunEvent;
import io.tailrace.events.work.BuildRequest;
import java.util.List;

/**
 * What follows from an input.
 *
 * @param changes what the state is to be evolved by, in order
 * @param requests work requests to be sent with the events, in one transaction
 * @param aborts records that end a stage by force, to be appended to the stage's partition outside of the transaction;
 *     they take effect when they are read back
 */
public record Decision(List<Change> changes, List<BuildRequest> requests, List<BuildEvent> aborts) {
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
                .filter(Change.Stated.class::isInstance)
                .map(it -> ((Change.Stated) it).event())
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
