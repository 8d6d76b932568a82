package io.tailrace.worker.result;

import io.tailrace.events.work.StepResult;

/** The log does not have a step's result where the request says that it lies. No later try finds it. */
public final class ResultUnavailable extends Exception {
    private static final long serialVersionUID = 1L;

    /** The failure's code. */
    public static final String CODE = "result_unavailable";

    private final String position;

    private ResultUnavailable(StepResult result, String message) {
        super(message);
        this.position = result.position().toString();
    }

    static ResultUnavailable gone(StepResult result) {
        return new ResultUnavailable(
                result,
                "The log no longer has the result of the step " + result.step()
                        + ": it is older than what the log keeps. Start the run anew.");
    }

    static ResultUnavailable other(StepResult result) {
        return new ResultUnavailable(
                result,
                "Where the result of the step " + result.step() + " should lie (" + result.position()
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
