package io.tailrace.gateway.request;

import io.tailrace.events.id.WorkspaceId;
import io.tailrace.events.plan.PlanReader;
import io.tailrace.gateway.problem.RunProblem;
import java.util.Optional;

/** The ids of a workspace and of a configuration in a path. */
public final class WorkspacePath {
    /** The workspace of requests that name none where one can be left out, as it is for the command line. */
    public static final String DEFAULT = "local";

    private WorkspacePath() {}

    /**
     * The workspace that a query parameter names.
     *
     * @throws RunProblem {@code malformed_workspace_id}
     */
    public static WorkspaceId parameter(Optional<String> text) {
        return workspace(text.orElse(DEFAULT));
    }

    /**
     * The workspace that a path segment names.
     *
     * @throws RunProblem {@code malformed_workspace_id}
     */
    public static WorkspaceId workspace(String segment) {
        if (!WorkspaceId.isLegal(segment)) {
            throw RunProblem.invalid(
                    "malformed_workspace_id",
                    "workspace_id",
                    "A workspace has 1 to 64 letters, digits, '.', '_' and '-', a letter or digit first.");
        }
        return new WorkspaceId(segment);
    }

    /**
     * Makes sure that a path segment could be a configuration's id.
     *
     * @throws RunProblem {@code malformed_configuration_id}
     */
    public static void checkConfiguration(String segment) {
        if (!PlanReader.isConfigurationId(segment)) {
            throw RunProblem.invalid(
                    "malformed_configuration_id", "configuration_id", PlanReader.CONFIGURATION_RULE + ".");
        }
    }
}
