package io.tailrace.gateway.health;

import io.tailrace.gateway.kafka.LogConnection;
import io.tailrace.gateway.runs.RunDirectory;
import io.tailrace.service.life.ReadyLine;
import java.time.Duration;

/** Waits on a thread of its own until the gateway can be used, and has it said. */
final class ReadyWait implements AutoCloseable {
    private static final Duration AGAIN = Duration.ofMinutes(1);

    private final LogConnection connection;
    private final RunDirectory directory;
    private final ReadyLine line;
    private final Thread thread;

    private ReadyWait(LogConnection connection, RunDirectory directory, ReadyLine line) {
        this.connection = connection;
        this.directory = directory;
        this.line = line;
        this.thread = Thread.ofVirtual().name("ready-wait").unstarted(this::await);
    }

    static ReadyWait start(LogConnection connection, RunDirectory directory, ReadyLine line) {
        ReadyWait wait = new ReadyWait(connection, directory, line);
        wait.thread.start();
        return wait;
    }

    private void await() {
        try {
            while (connection.awaitEpoch(AGAIN).isEmpty() || !directory.awaitLoaded(AGAIN)) {
                // Both say in the log what they wait for.
            }
            line.ready();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether it still waits for the moment to say it. */
    boolean isWaiting() {
        return thread.isAlive();
    }

    /** A process that ends before it was ready says nothing, and waits for nothing any more. */
    @Override
    public void close() {
        thread.interrupt();
    }
}
