package io.tailrace.gateway.view;

/**
 * A view that clients of a run's stream may ask for.
 *
 * @param name what they say in {@code view=}
 * @param view one whose clients send back a cursor's token as it is
 */
public record NamedView(String name, StreamView view) {
    /** What clients get who ask for none. */
    public static final String DEFAULT = "canonical";
}
