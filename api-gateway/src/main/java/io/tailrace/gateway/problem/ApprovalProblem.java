package io.tailrace.gateway.problem;

import io.tailrace.events.id.RunId;
import io.tailrace.events.run.RunFact.ToolApprovalDecided;
import java.util.Locale;

/** The problems that only questions have whether tools may be called. */
public final class ApprovalProblem {
    private static final String NOT_OPEN = "not_open";
    private static final String TITLE = "The question is not open";

    private ApprovalProblem() {}

    /** A question that the log does not have, which was made sure of. */
    public static RunProblem unknown(RunId run) {
        return RunProblem.http(
                404,
                "unknown_approval",
                "No such approval",
                "approval_id",
                "Run " + run + " has not asked for an approval of this id, or the log no longer has it.");
    }

    /** A question that was answered otherwise, or by nobody in time. */
    public static RunProblem decided(ToolApprovalDecided decided) {
        return RunProblem.http(
                409,
                NOT_OPEN,
                TITLE,
                "It is " + decided.decision().name().toLowerCase(Locale.ROOT) + " already"
                        + decided.by().map(it -> ", by " + it).orElse("")
                        + decided.reason().map(it -> ": " + it).orElse("") + ".");
    }

    /** A question of a run that has ended before somebody answered. */
    public static RunProblem runEnded(RunId run) {
        return RunProblem.http(409, NOT_OPEN, TITLE, "Run " + run + " has ended, and nobody had answered.");
    }
}
