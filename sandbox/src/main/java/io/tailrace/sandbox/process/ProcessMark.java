package io.tailrace.sandbox.process;

import java.util.regex.Pattern;

/**
 * The name by which the processes of one worker's builds are found again: every command gets it in its environment, and what a command
 * starts inherits it, also when it detaches itself. Each start of a worker has a new one.
 *
 * @param value 32 hexadecimal digits, chosen at random
 */
public record ProcessMark(String value) {

    /** The environment variable that carries the mark and, behind a dot, the build's number within the worker. */
    static final String VARIABLE = "TAILRACE_PROCESS_MARK";

    private static final Pattern SHAPE = Pattern.compile("[0-9a-f]{32}");

    /** @throws IllegalArgumentException when the value is not 32 hexadecimal digits */
    public ProcessMark {
        if (!isMark(value)) {
            throw new IllegalArgumentException("not a process mark: " + value);
        }
    }

    /** Whether a file name (or anything else that was found) is a mark. */
    public static boolean isMark(String value) {
        return SHAPE.matcher(value).matches();
    }

    /** What stands in the environment of every process of the worker, in front of the build's number. */
    String prefix() {
        return VARIABLE + "=" + value + ".";
    }

    String ofBuild(long number) {
        return value + "." + number;
    }
}
