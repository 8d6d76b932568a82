package io.tailrace.runlog;

import io.tailrace.events.log.Topic;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** The inboxes of one run, one for each event topic, and the signal of the tail that it has put something in. Thread-safe. */
final class Inboxes {
    private final Map<Topic, Inbox> byTopic = new EnumMap<>(Topic.class);
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition signaled = lock.newCondition();
    private long signals;

    Inboxes(InboxBudget budget) {
        LogEnds.TOPICS.forEach(it -> byTopic.put(it, new Inbox(budget)));
    }

    /** @throws IllegalArgumentException if the topic has no events */
    Inbox of(Topic topic) {
        Inbox inbox = byTopic.get(topic);
        if (inbox == null) {
            throw new IllegalArgumentException(topic + " has no events");
        }
        return inbox;
    }

    /** Nobody reads the run any more. */
    void close() {
        byTopic.values().forEach(Inbox::close);
    }

    /** How often any of them was dropped because more came than fits. */
    long overflows() {
        return byTopic.values().stream().mapToLong(Inbox::overflows).sum();
    }

    /** How many signals there were: to be asked before looking into the inboxes. */
    long signals() {
        lock.lock();
        try {
            return signals;
        } finally {
            lock.unlock();
        }
    }

    /** Wakes who waits for something new. */
    void signal() {
        lock.lock();
        try {
            signals++;
            signaled.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until there were more signals than so many, or the time is up. */
    void awaitSignal(long seen, Duration atMost) throws InterruptedException {
        long nanos = TimeUnit.NANOSECONDS.convert(atMost);
        lock.lock();
        try {
            while (signals == seen && nanos > 0) {
                nanos = signaled.awaitNanos(nanos);
            }
        } finally {
            lock.unlock();
        }
    }
}
