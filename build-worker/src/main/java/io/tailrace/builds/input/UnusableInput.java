package io.tailrace.builds.input;

import io.tailrace.events.plan.StepInput;
import io.tailrace.events.run.Failure;
import io.tailrace.worker.result.ResultUnavailable;

/** A result, or an argument of a call, that the phases of a build cannot get as it was asked for: the build fails before it starts a process. */
public final class UnusableInput extends Exception {
    private static final long serialVersionUID = 1L;

    private final String code;

    private UnusableInput(String code, String message) {
        super(message);
        this.code = code;
    }

    static UnusableInput unavailable(ResultUnavailable result) {
        return new UnusableInput(ResultUnavailable.CODE, result.reason());
    }

    static UnusableInput unknown(StepInput input) {
        return new UnusableInput(
                ResultUnavailable.CODE,
                "The build is to get the result of the step " + input.from() + ", and nobody said where it lies.");
    }

    static UnusableInput tooLarge(String input, String what, long bytes, int limit) {
        return new UnusableInput(
                "input_too_large",
                "The " + input + " has " + bytes + " bytes in UTF-8, and " + what + " takes at most " + limit
                        + ". Let the model say less.");
    }

    static UnusableInput nul(String name, StepInput.VariableInput input) {
        return new UnusableInput(
                "input_not_a_variable",
                "The " + name + " has a NUL character, which no environment variable can hold (" + input.variable()
                        + "). Take it as a file.");
    }

    static UnusableInput reserved(StepInput.VariableInput input) {
        return new UnusableInput(
                "input_variable_reserved",
                "The variable " + input.variable()
                        + " is the worker's to set, or chooses which programs and libraries run:"
                        + " nothing of a model becomes one. Take another name.");
    }

    static UnusableInput taken(String variable, String phase) {
        return new UnusableInput(
                "input_variable_taken",
                "The phase " + phase + " sets the variable " + variable + " itself. Take another name for the input.");
    }

    static UnusableInput file(String name, String why) {
        return new UnusableInput(
                "input_file_invalid",
                "The input file \"" + name + "\" cannot be made in the build's folder: it " + why + ".");
    }

    /** Only the recipe {@code commands} takes results. */
    public static UnusableInput recipe(String recipe) {
        return new UnusableInput(
                "inputs_not_supported",
                "Builds by the recipe " + recipe + " take no results of earlier steps; only those by commands do.");
    }

    /** As the build's failure. */
    public Failure toFailure() {
        return Failure.of(code, String.valueOf(getMessage()));
    }
}
