package io.tailrace.events.id;

import java.util.regex.Pattern;

/**
 * Identifies a call of a tool that a person is asked about, within its run: the number of the stage that made the call, the
 * round and the call's index in it, {@code 2-1-0}.
 */
public record ApprovalId(String value) implements WireScalar {
    private static final Pattern LEGAL = Pattern.compile("[1-9][0-9]{0,5}-[1-9][0-9]{0,2}-(0|[1-9][0-9]{0,2})");

    /** @throws IllegalArgumentException if the value is not of the legal form */
    public ApprovalId {
        if (!isLegal(value)) {
            throw new IllegalArgumentException("not an approval id: <stage>-<round>-<call> is needed");
        }
    }

    /** Whether the text could be an approval id. */
    public static boolean isLegal(String text) {
        return LEGAL.matcher(text).matches();
    }

    /**
     * The id of a call.
     *
     * @param stage the stage that made it
     * @param round from 1
     * @param index among the calls of the round, from 0
     * @throws IllegalArgumentException if a number is none that a call can have
     */
    public static ApprovalId of(StageId stage, int round, int index) {
        return new ApprovalId(stage.number() + "-" + round + "-" + index);
    }

    @Override
    public String toString() {
        return value;
    }
}
