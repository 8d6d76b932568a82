package io.tailrace.local.stack;

import java.time.Duration;

/** Told what happens to a stack's processes, by whichever thread finds it out. */
@FunctionalInterface
public interface StackNews {

    /**
     * A process has become ready.
     *
     * @param after the time since its start
     */
    void ready(String name, Duration after);

    /** What a person should know of a process that died or is started again; may have several lines. */
    default void said(String text) {}
}
