package io.tailrace.events.id;

/** The number of an attempt at a stage, from 1. A higher attempt fences off every lower one. */
public record Attempt(int value) implements WireScalar, Comparable<Attempt> {
    /** The attempt as which a stage is dispatched first. */
    public static final Attempt FIRST = new Attempt(1);

    /** @throws IllegalArgumentException if the value is below 1 */
    public Attempt {
        if (value < 1) {
            throw new IllegalArgumentException("attempts are numbered from 1, not " + value);
        }
    }

    /** The attempt that comes after this one. */
    public Attempt next() {
        return new Attempt(value + 1);
    }

    @Override
    public int compareTo(Attempt other) {
        return Integer.compare(value, other.value);
    }
}
