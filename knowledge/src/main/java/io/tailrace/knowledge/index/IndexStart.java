package io.tailrace.knowledge.index;

/** How an index began. Whoever opens one applies the log from {@link RepositoryIndex#version()} on in each case. */
public sealed interface IndexStart {
    /** There was none. */
    record Empty() implements IndexStart {}

    /** It goes on after its last commit. */
    record Continued(long version) implements IndexStart {}

    /** What was there could not be used, and was removed. */
    record Rebuilt(String reason) implements IndexStart {}
}
