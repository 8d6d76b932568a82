package io.tailrace.gateway.readmodel;

import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** How far a read model's topic has been read: one next offset a partition. Written by the tail's thread, waited on by any. */
public final class ReadModelProgress {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition moved = lock.newCondition();

    private long[] nextOffsets = {};
    private long[] goal = {};
    private OptionalLong epoch = OptionalLong.empty();
    private boolean loaded;
    private Optional<String> failure = Optional.of("not started yet");

    /** Begins anew with another log. */
    void restart(long newEpoch, int partitions) {
        change(() -> {
            epoch = OptionalLong.of(newEpoch);
            nextOffsets = new long[partitions];
            goal = new long[0];
            loaded = false;
        });
    }

    /** What was read is worth nothing: the next log, even if it is the same, is read from its beginning. */
    void forget(String reason) {
        change(() -> {
            epoch = OptionalLong.empty();
            nextOffsets = new long[0];
            loaded = false;
            failure = Optional.of(reason);
        });
    }

    /** What has to be reached before it counts as loaded: that log's high watermarks at the beginning. */
    void loadUpTo(long ofEpoch, long[] highWatermarks) {
        change(() -> {
            if (epoch.equals(OptionalLong.of(ofEpoch)) && goal.length == 0) {
                goal = highWatermarks.clone();
                loaded = reached();
            }
        });
    }

    /** Whether it is known what has to be reached. */
    boolean hasGoal() {
        lock.lock();
        try {
            return goal.length > 0;
        } finally {
            lock.unlock();
        }
    }

    /** The tail works, and everything before these offsets was applied. */
    void advance(long[] next) {
        change(() -> {
            nextOffsets = next.clone();
            failure = Optional.empty();
            loaded = loaded || reached();
        });
    }

    /** The tail does not work now. */
    void fail(String reason) {
        change(() -> failure = Optional.of(reason));
    }

    /** Where reading goes on: a copy. */
    long[] nextOffsets() {
        lock.lock();
        try {
            return nextOffsets.clone();
        } finally {
            lock.unlock();
        }
    }

    /** The epoch of the log that is read; empty before the first. */
    public OptionalLong epoch() {
        lock.lock();
        try {
            return epoch;
        } finally {
            lock.unlock();
        }
    }

    /** Whether all that was there at the beginning has been read. */
    public boolean loaded() {
        lock.lock();
        try {
            return loaded;
        } finally {
            lock.unlock();
        }
    }

    /** Why the tail does not work now; empty while it does. */
    public Optional<String> failure() {
        lock.lock();
        try {
            return failure;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until all that was there at the beginning has been read; false if the time was up before. */
    public boolean awaitLoaded(Duration atMost) throws InterruptedException {
        return await(() -> loaded, atMost);
    }

    /** Waits until everything of a partition before the offset was applied; false if the time was up before. */
    public boolean awaitOffset(int partition, long offset, Duration atMost) throws InterruptedException {
        return await(() -> partition < nextOffsets.length && nextOffsets[partition] >= offset, atMost);
    }

    private interface Check {
        boolean holds();
    }

    private boolean await(Check check, Duration atMost) throws InterruptedException {
        long nanos = atMost.toNanos();
        lock.lock();
        try {
            while (!check.holds()) {
                if (nanos <= 0) {
                    return false;
                }
                nanos = moved.awaitNanos(nanos);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void change(Runnable change) {
        lock.lock();
        try {
            change.run();
            moved.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private boolean reached() {
        if (goal.length == 0 || goal.length != nextOffsets.length) {
            return false;
        }
        for (int i = 0; i < goal.length; i++) {
            if (nextOffsets[i] < goal[i]) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return "next offsets " + Arrays.toString(nextOffsets());
    }
}
