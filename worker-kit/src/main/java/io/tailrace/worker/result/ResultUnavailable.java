package io.tailrace.worker.result;

import io.tailrace.events.log.LogPosition;
import io.tailrace.events.work.StepResult;
import io.tailrace.events.work.ToolBuild;

/** The log does not have a step's result, or a call's arguments, where the request says that it lies. No later try finds it. */
public final class ResultUnavailable extends Exception {
    private static final long serialVersionUID = 1L;

    /** The failure's code. */
    public static final String CODE = "result_unavailable";

    private final String position;

    private ResultUnavailable(LogPosition position, String message) {
        super(message);
        this.position = position.toString();
    }

    static ResultUnavailable gone(StepResult result) {
        return new ResultUnavailable(
                result.position(),
                "The log no longer has the result of the step " + result.step()
                        + ": it is older than what the log keeps. Start the run anew.");
    }

    static ResultUnavailable other(StepResult result) {
        return new ResultUnavailable(
                result.position(),
                "Where the result of the step " + result.step() + " should lie (" + result.position()
                        + ") the log has something else: it lost records and went on. Start the run anew.");
    }

    /** The record with the call is not there any more. */
    public static ResultUnavailable gone(ToolBuild call) {
        return new ResultUnavailable(
                call.position(),
                "The log no longer has the arguments of the call that is to be built: they are older than what the log"
                        + " keeps. Start the run anew.");
    }

    static ResultUnavailable other(ToolBuild call) {
        return new ResultUnavailable(
                call.position(),
                "Where the arguments of the call should lie that is to be built (" + call.position()
                        + ") the log has something else: it lost records and went on. Start the run anew.");
    }

    /** What happened and what can be done about it. */
    public String reason() {
        return String.valueOf(getMessage());
    }

    /** Where the result should lie. */
    public String position() {
        return position;
    }
}
