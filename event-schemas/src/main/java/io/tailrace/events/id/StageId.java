package io.tailrace.events.id;

import java.util.regex.Pattern;

/** Identifies one stage of a run: the run id, a dot, and the number of the stage in its run, from 1. */
public record StageId(String value) implements WireScalar, Comparable<StageId> {
    private static final Pattern LEGAL = Pattern.compile("[a-z0-9][a-z0-9-]{3,63}\\.[1-9][0-9]{0,5}");

    /** @throws IllegalArgumentException if the value is not of the legal form */
    public StageId {
        if (!LEGAL.matcher(value).matches()) {
            throw new IllegalArgumentException("not a stage id: <run id>.<number> is needed");
        }
    }

    /** The run's stage with this number, from 1. */
    public static StageId of(RunId run, int number) {
        return new StageId(run.value() + "." + number);
    }

    /** The run that this is a stage of. */
    public RunId run() {
        return new RunId(value.substring(0, value.lastIndexOf('.')));
    }

    /** Which stage of its run it is, from 1. */
    public int number() {
        return Integer.parseInt(value.substring(value.lastIndexOf('.') + 1));
    }

    @Override
    public int compareTo(StageId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
