package io.tailrace.runlog;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Lets one thread that waits, in a pause or at a ring, return. Thread-safe. */
final class Wakeup {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition wakened = lock.newCondition();
    private boolean due;
    private @Nullable Ring waitingAt;

    /** The thread waits at this ring from now on. */
    void nudges(Ring ring) {
        lock.lock();
        try {
            waitingAt = ring;
        } finally {
            lock.unlock();
        }
    }

    void wake() {
        Ring ring;
        lock.lock();
        try {
            due = true;
            wakened.signalAll();
            ring = waitingAt;
        } finally {
            lock.unlock();
        }
        if (ring != null) {
            ring.nudge();
        }
    }

    boolean isDue() {
        lock.lock();
        try {
            return due;
        } finally {
            lock.unlock();
        }
    }

    /** Whether it was woken since this was asked last. */
    boolean take() {
        lock.lock();
        try {
            boolean was = due;
            due = false;
            return was;
        } finally {
            lock.unlock();
        }
    }

    void await(Duration atMost) throws InterruptedException {
        long nanos = TimeUnit.NANOSECONDS.convert(atMost);
        lock.lock();
        try {
            while (!due && nanos > 0) {
                nanos = wakened.awaitNanos(nanos);
            }
        } finally {
            lock.unlock();
        }
    }
}
