package io.tailrace.gateway.request;

import io.tailrace.events.id.RunId;
import io.tailrace.events.id.TurnId;
import io.tailrace.gateway.problem.ChatProblem;
import io.tailrace.gateway.problem.RunProblem;

/** The ids of a run and of its turns in a path. */
public final class RunPath {
    private RunPath() {}

    /**
     * The run that a path segment names.
     *
     * @throws RunProblem {@code malformed_run_id}
     */
    public static RunId run(String segment) {
        if (!RunId.isLegal(segment)) {
            throw RunProblem.malformedRunId();
        }
        return new RunId(segment);
    }

    /**
     * The turn that a path segment names.
     *
     * @throws RunProblem {@code malformed_turn_id}
     */
    public static TurnId turn(String segment) {
        if (!TurnId.isLegal(segment)) {
            throw ChatProblem.malformedTurnId("turn_id");
        }
        return new TurnId(segment);
    }
}
