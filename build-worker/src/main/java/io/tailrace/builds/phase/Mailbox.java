package io.tailrace.builds.phase;

import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * From the threads that read pipes to the one that runs the phase. Chunks wait for room, so that what a process prints faster than it is
 * taken stays in its pipe and slows it; signals never wait and are taken before chunks. Safe from any thread.
 */
final class Mailbox {

    /** How many bytes may wait. */
    static final int MAX_BYTES = 256 * 1024;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<Input> signals = new ArrayDeque<>();
    private final ArrayDeque<Input> pipes = new ArrayDeque<>();
    private int bytes;
    private boolean discarding;

    /** Hands over bytes; blocks while {@link #MAX_BYTES} are waiting. */
    void putChunk(Input.Chunk chunk) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!discarding && bytes > 0 && bytes + chunk.bytes().length > MAX_BYTES) {
                changed.await();
            }
            if (!discarding) {
                pipes.add(chunk);
                bytes += chunk.bytes().length;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Says that a pipe was closed, after its last chunk. */
    void putClosed(Input.Closed closed) {
        put(pipes, closed);
    }

    /** Hands over something that does not wait behind the output. */
    void putSignal(Input signal) {
        put(signals, signal);
    }

    /** Takes the next input; waits for it no longer than this. */
    Optional<Input> poll(long nanos) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = nanos;
            while (signals.isEmpty() && pipes.isEmpty()) {
                if (left <= 0) {
                    return Optional.empty();
                }
                left = changed.awaitNanos(left);
            }
            Input input = signals.isEmpty() ? pipes.remove() : signals.remove();
            if (input instanceof Input.Chunk chunk) {
                bytes -= chunk.bytes().length;
                changed.signalAll();
            }
            return Optional.of(input);
        } finally {
            lock.unlock();
        }
    }

    /** Nobody takes any more: what waits and what comes is dropped, so that the pipes' readers go on to their ends. */
    void discard() {
        lock.lock();
        try {
            discarding = true;
            pipes.clear();
            signals.clear();
            bytes = 0;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void put(ArrayDeque<Input> queue, Input input) {
        lock.lock();
        try {
            if (!discarding) {
                queue.add(input);
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }
}
