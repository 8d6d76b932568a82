package io.tailrace.local.stack;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * One process of a running stack. What is done to it is done to that process alone; operations on a process that has
 * ended do nothing. Started by one thread at a time, signalled by any.
 */
public sealed interface StackMember permits BrokerMember, ServiceMember {

    /** {@code gateway-1}, {@code build-worker-2}, {@code coordinator-1}, {@code broker-1}. */
    String name();

    /** Of its HTTP service, or of the broker's client listener, on 127.0.0.1. */
    int port();

    long pid();

    boolean isAlive();

    /** Of the last end; known only for a process that this one started. */
    Optional<Integer> exitCode();

    /** Whether {@link #stop} ended it; then no supervisor starts it again. */
    boolean isStoppedOnPurpose();

    /** What its log ends with, for a message to a person. */
    String lastWords();

    /** What it wrote, all its starts together. */
    Path log();

    /** SIGKILL; returns when the process is gone. */
    void kill();

    /** SIGSTOP. */
    void pause();

    /** SIGCONT. */
    void resume();

    /** SIGTERM, and SIGKILL when it does not end in time; returns when the process is gone. */
    void stop();

    /** Starts it again after its end, with the same name, port and data; returns when it is ready. */
    default void start() throws IOException {
        launch();
        awaitReady();
    }

    /** Starts it again without waiting until it is ready. */
    void launch() throws IOException;

    /**
     * Returns when it is ready to work.
     *
     * @throws StackStartException when it ended, or took too long
     */
    void awaitReady() throws IOException;
}
