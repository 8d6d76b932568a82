package io.tailrace.builds.phase;

import io.tailrace.sandbox.process.Overuse;

/** What reaches the thread that runs a phase. */
sealed interface Input {

    /** Bytes that a pipe delivered. */
    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    record Chunk(Pipe pipe, byte[] bytes) implements Input {}

    /** A pipe was closed by all who could write to it. */
    record Closed(Pipe pipe) implements Input {}

    /** The command itself has ended; what it started may still run. */
    record Exited(Process process, int exitCode) implements Input {}

    /** The build's process tree was ended. */
    record TreeEnded(int leftOver) implements Input {}

    /** The build used more than its share while the command with this number ran. */
    record Overused(int command, Overuse overuse) implements Input {}

    /** Look at the stop signal. */
    record Wake() implements Input {}
}
