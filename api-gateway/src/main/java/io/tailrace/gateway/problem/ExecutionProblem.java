package io.tailrace.gateway.problem;

import io.tailrace.events.id.RunId;
import java.util.Collection;

/** The problems that only executions of assistants have. */
public final class ExecutionProblem {
    private ExecutionProblem() {}

    /** A run that is there, and is none of an assistant. */
    public static RunProblem notAnExecution(RunId run) {
        return RunProblem.http(
                404,
                "not_an_execution",
                "No execution of an assistant",
                "The run " + run + " is no execution of an assistant; its events are at /v1/runs/" + run + "/events.");
    }

    /** An event that the contract does not have. */
    public static RunProblem unknownEventType(Collection<String> known) {
        return RunProblem.http(
                422, "unknown_event_type", "No such event", "type", "Known are: " + String.join(", ", known) + ".");
    }
}
