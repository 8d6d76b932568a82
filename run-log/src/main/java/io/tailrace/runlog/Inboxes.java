package io.tailrace.runlog;

import io.tailrace.events.log.Topic;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** The inboxes of one run, and the bell that the tail rings when something was put in. Thread-safe. */
final class Inboxes {
    private final Inbox spine;
    private final Inbox builds;
    private final Inbox turns;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition rung = lock.newCondition();
    private long rings;

    Inboxes(InboxBudget budget) {
        spine = new Inbox(budget);
        builds = new Inbox(budget);
        turns = new Inbox(budget);
    }

    Inbox of(Topic topic) {
        return switch (topic) {
            case RUN_EVENTS -> spine;
            case BUILD_EVENTS -> builds;
            case TURN_EVENTS -> turns;
            case RUN_COMMANDS, BUILD_REQUESTS, TURN_REQUESTS, RUNS, DEFINITIONS, ARTIFACTS, CURSOR_KEYS ->
                throw new IllegalArgumentException(topic + " has no events");
        };
    }

    /** Nobody reads the run any more. */
    void close() {
        spine.close();
        builds.close();
        turns.close();
    }

    /** How often any of them was dropped because more came than fits. */
    long overflows() {
        return spine.overflows() + builds.overflows() + turns.overflows();
    }

    /** How often the bell was rung: to be asked before looking into the inboxes. */
    long rings() {
        lock.lock();
        try {
            return rings;
        } finally {
            lock.unlock();
        }
    }

    void ring() {
        lock.lock();
        try {
            rings++;
            rung.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until the bell has been rung more than so many times, or the time is up. */
    void awaitRing(long seen, Duration atMost) throws InterruptedException {
        long nanos = TimeUnit.NANOSECONDS.convert(atMost);
        lock.lock();
        try {
            while (rings == seen && nanos > 0) {
                nanos = rung.awaitNanos(nanos);
            }
        } finally {
            lock.unlock();
        }
    }
}
