package io.tailrace.gateway.request;

import io.tailrace.events.id.RunId;
import io.tailrace.gateway.problem.RunProblem;

/** The id of a run in a path. */
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
}
