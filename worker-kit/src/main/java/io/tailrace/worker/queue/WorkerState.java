package io.tailrace.worker.queue;

/** What a worker is at. */
public sealed interface WorkerState {

    /** It waits for the log, or reads what it has to know before it takes work. */
    record Starting(String waitingFor) implements WorkerState {}

    /** It takes work. */
    record Ready() implements WorkerState {}

    /** It has lost its queue or what run-events say, and tries to have it again and again; its stages go on. */
    record Rejoining(String waitingFor, Throwable cause) implements WorkerState {}

    /** It takes no more work and waits for its stages to stop. */
    record Stopping() implements WorkerState {}

    /** It takes no more work and will not recover. */
    record Failed(Throwable cause) implements WorkerState {}
}
