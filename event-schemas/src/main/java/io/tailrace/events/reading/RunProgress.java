package io.tailrace.events.reading;

/** How far a client is in one of many runs. */
public sealed interface RunProgress {
    /** It is at a place, after which it goes on. */
    record At(RunPlace place) implements RunProgress {}

    /** It has all of the run, and knows that it has ended. */
    record Over() implements RunProgress {}
}
