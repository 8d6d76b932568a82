package io.tailrace.coordinator.topology;

import io.tailrace.coordinator.decide.Input;
import io.tailrace.events.id.RunId;

/** The decider failed on an input: a defect of ours, or stored state that contradicts itself. */
final class FailedDecision extends Exception {
    private static final long serialVersionUID = 1L;

    FailedDecision(RunId run, Input input, RuntimeException cause) {
        super("no decision could be made for run " + run + " on " + input, cause);
    }
}
