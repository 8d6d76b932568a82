package io.tailrace.gateway.problem;

import io.tailrace.events.id.RunId;
import io.tailrace.events.id.WorkspaceId;
import java.util.List;

/** The problems that only assistants have. */
public final class AssistantProblem {
    private AssistantProblem() {}

    /** An assistant that does not exist, which was made sure of. */
    public static RunProblem unknownAssistant(WorkspaceId workspace, String name) {
        return RunProblem.http(
                404,
                "unknown_assistant",
                "No such assistant",
                "There is no assistant " + name + " in the workspace " + workspace + ".");
    }

    /** An assistant that a request for a run names, and that does not exist. */
    public static RunProblem unknownAssistantIn(String field, WorkspaceId workspace, String name) {
        return RunProblem.http(
                422,
                "unknown_assistant",
                "No such assistant",
                field,
                "There is no assistant " + name + " in the workspace " + workspace + ".");
    }

    /** A definition that cannot be taken, with everything that is wrong with it. */
    public static RunProblem invalid(List<FieldFinding> errors) {
        return RunProblem.ofFindings(
                "invalid_assistant",
                "The assistant is not valid",
                errors.getFirst().path(),
                count(errors),
                errors);
    }

    /** Inputs that a run of an assistant cannot be made with, with everything that is wrong with them. */
    public static RunProblem invalidInputs(List<FieldFinding> errors) {
        FieldFinding first = errors.getFirst();
        return RunProblem.ofFindings(
                first.code(),
                "The request is not valid",
                first.path(),
                errors.size() == 1 ? first.detail() : count(errors),
                errors);
    }

    private static String count(List<FieldFinding> errors) {
        FieldFinding first = errors.getFirst();
        return (errors.size() == 1 ? "There is one error" : "There are " + errors.size() + " errors") + "; the first: "
                + (first.path().isEmpty() ? "" : first.path() + ": ") + first.detail();
    }

    /** An assistant that others change so often that this change found no version for itself. */
    public static RunProblem changedMeanwhile(String name) {
        return RunProblem.unavailable(
                "assistant_changed",
                "Others change the assistant",
                "The assistant " + name + " was changed by others at the same time. Look at it, and try again.");
    }

    /** A choice of the place to retry from, for a run that has none. */
    public static RunProblem notAnAssistant(RunId run) {
        return RunProblem.http(
                409,
                "not_an_assistant",
                "The run is none of an assistant",
                "from",
                "Run " + run + " has no prompts of an assistant: it is repeated whole, without this parameter.");
    }
}
