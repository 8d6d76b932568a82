package io.tailrace.local.stack;

import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Sees to it that an interrupted start (Ctrl-C) leaves nothing running: while it is open, the end of this JVM ends what
 * was started. Forking and ending exclude each other, so that nothing is forked behind the end's back.
 */
final class StartGuard implements AutoCloseable {

    /** Something that starts processes. */
    interface Forking<T> {
        T fork() throws IOException;
    }

    private final ReentrantLock forking = new ReentrantLock();
    private final Thread atEnd;
    private volatile boolean ended;

    private StartGuard(StackFolder folder) {
        this.atEnd = Thread.ofPlatform().name("start-interrupted").unstarted(() -> end(folder));
    }

    static StartGuard over(StackFolder folder) {
        StartGuard guard = new StartGuard(folder);
        Runtime.getRuntime().addShutdownHook(guard.atEnd);
        return guard;
    }

    <T> T forking(Forking<T> fork) throws IOException {
        forking.lock();
        try {
            requireNotEnded();
            return fork.fork();
        } finally {
            forking.unlock();
        }
    }

    /** Tells an interruption from the failures of processes that it ended. */
    void requireNotEnded() {
        if (ended) {
            throw new StackStartException("The start was interrupted");
        }
    }

    private void end(StackFolder folder) {
        forking.lock();
        try {
            ended = true;
            OrderlyEnd.of(folder, OrderlyEnd.PATIENCE, name -> {});
        } catch (IOException e) {
            System.err.println("Cannot end what was started: " + e);
        } finally {
            forking.unlock();
        }
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(atEnd);
        } catch (IllegalStateException alreadyEnding) {
            // then it runs, and does what it is there for
        }
    }
}
