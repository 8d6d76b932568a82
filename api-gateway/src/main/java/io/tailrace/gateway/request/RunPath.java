package io.tailrace.gateway.request;

import io.tailrace.events.id.RunId;
import io.tailrace.events.id.TurnId;
import io.tailrace.gateway.problem.ChatProblem;
import io.tailrace.gateway.problem.RunProblem;

/** The ids of a run and of its turns in a request. */
public final class RunPath {
    private RunPath() {}

    /**
     * The run that a path segment names.
     *
     * @throws RunProblem {@code malformed_run_id}
     */
    public static RunId run(String segment) {
        return run("run_id", segment);
    }

    /**
     * The run that a field of the request names.
     *
     * @throws RunProblem {@code malformed_run_id}
     */
    public static RunId run(String field, String text) {
        if (!RunId.isLegal(text)) {
            throw RunProblem.malformedRunId(field);
        }
        return new RunId(text);
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
