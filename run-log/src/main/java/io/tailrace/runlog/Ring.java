package io.tailrace.runlog;

import io.tailrace.events.reading.ReadItem;
import io.tailrace.runlog.ReadResult.Retirement;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The last events of a watched run, in memory, for all who follow it. Filled by the run's feeder, bounded in bytes: what
 * the fastest reader has taken makes room for what comes; what it has not taken yet is never let go, so the fastest
 * reader paces the feeder. Who falls behind the oldest event reads from the log. Thread-safe.
 */
final class Ring {
    private static final int MAX_NOTICES = 64;
    private static final Duration HEAD_START = Duration.ofMillis(20);

    private final LongSupplier maxBytes;
    private final Runnable onEviction;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition more = lock.newCondition();
    private final Condition room = lock.newCondition();
    private final EventWindow window;
    private final Deque<Delivery.Notice> notices = new ArrayDeque<>();
    private long noticesTold;
    private long leader;
    private boolean upToDate;
    private @Nullable Retirement retired;

    /**
     * A ring that begins after a position.
     *
     * @param maxBytes how much it may hold at the moment
     * @param onEviction called for each record that is let go, under the ring's lock
     */
    Ring(long position, LongSupplier maxBytes, Runnable onEviction) {
        this.maxBytes = maxBytes;
        this.onEviction = onEviction;
        this.window = new EventWindow(position);
        this.leader = position;
    }

    /** Appends what comes next in the order. For the feeder. */
    void publish(List<ReadItem> items) {
        if (items.isEmpty()) {
            return;
        }
        lock.lock();
        try {
            for (ReadItem item : items) {
                window.add(item, true, this::grew);
            }
            evict();
            more.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Tells those who follow live. For the feeder. */
    void tell(Delivery.Notice notice) {
        lock.lock();
        try {
            notices.addLast(notice);
            noticesTold++;
            if (notices.size() > MAX_NOTICES) {
                notices.removeFirst();
            }
            more.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until there is room for more, or the ring was retired. For the feeder. */
    void awaitRoom() throws InterruptedException {
        lock.lock();
        try {
            evict();
            while (retired == null && !window.isEmpty() && window.bytes() >= maxBytes.getAsLong()) {
                room.await();
                evict();
            }
        } finally {
            lock.unlock();
        }
    }

    /** How much it may hold at the moment: no more is put in at once, either. In bytes. */
    long maxBytes() {
        return maxBytes.getAsLong();
    }

    /** How many notices were told so far: who begins to follow has seen these. */
    long noticesTold() {
        lock.lock();
        try {
            return noticesTold;
        } finally {
            lock.unlock();
        }
    }

    /** Whether a reader at this position can follow here. */
    boolean covers(long position) {
        lock.lock();
        try {
            return retired != null || window.covers(position);
        } finally {
            lock.unlock();
        }
    }

    /** Whether a reader at this position has all that the log has, as far as the feeder knows. */
    boolean isHead(long position) {
        lock.lock();
        try {
            return upToDate && position == window.head();
        } finally {
            lock.unlock();
        }
    }

    /** Whether the feeder has read all that the log has. For the feeder. */
    void upToDate(boolean now) {
        lock.lock();
        try {
            upToDate = now;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes what follows a position.
     *
     * @param noticesSeen how many notices the reader has seen
     * @param bytes take no more than this, but at least one thing
     * @param wait how long to wait if there is nothing
     * @param woken whether the reader shall not wait any longer
     */
    ReadResult take(long position, long noticesSeen, long bytes, Duration wait, BooleanSupplier woken)
            throws InterruptedException {
        long nanos = TimeUnit.NANOSECONDS.convert(wait);
        long patience = HEAD_START.toNanos();
        lock.lock();
        try {
            while (true) {
                if (retired != null) {
                    return new ReadResult.Retired(retired);
                }
                if (position + 1 < window.first()) {
                    return new ReadResult.NotHere();
                }
                if (position > window.head()) {
                    // It has read more elsewhere. The feeder is perhaps just about to come to it, perhaps far behind.
                    lead(position);
                    if (patience <= 0) {
                        return new ReadResult.NotHere();
                    }
                    patience = more.awaitNanos(patience);
                    continue;
                }
                List<Delivery> found = new ArrayList<>(noticesAfter(noticesSeen));
                found.addAll(window.after(position, bytes));
                if (!found.isEmpty()) {
                    advanceLeader(found);
                    return new ReadResult.Found(found, noticesTold);
                }
                if (nanos <= 0 || woken.getAsBoolean()) {
                    return new ReadResult.Nothing();
                }
                nanos = more.awaitNanos(nanos);
            }
        } finally {
            lock.unlock();
        }
    }

    private List<Delivery.Notice> noticesAfter(long seen) {
        int unseen = Math.toIntExact(Math.min(noticesTold - seen, notices.size()));
        return unseen <= 0 ? List.of() : List.copyOf(notices).subList(notices.size() - unseen, notices.size());
    }

    /** A reader has come to a position without this ring. */
    void reached(long position) {
        lock.lock();
        try {
            lead(position);
        } finally {
            lock.unlock();
        }
    }

    private void advanceLeader(List<Delivery> found) {
        switch (found.getLast()) {
            case Delivery.Events events -> lead(events.item().lastSequence());
            case Delivery.Gap gap -> lead(gap.toSequence());
            case Delivery.Reset _, Delivery.Notice _, Delivery.End _, Delivery.UpToDate _ -> {}
        }
    }

    /** A reader that has, or says that it has, more than was put in here is as far as what was put in here. */
    private void lead(long position) {
        long here = Math.min(position, window.head());
        if (here > leader) {
            leader = here;
            evict();
            room.signal();
        }
    }

    /** A rendering was kept with a record. */
    private void grew(long firstSequence, long by) {
        lock.lock();
        try {
            window.grew(firstSequence, by);
            evict();
        } finally {
            lock.unlock();
        }
    }

    private void evict() {
        long max = maxBytes.getAsLong();
        while (window.bytes() >= max && !window.isEmpty() && window.lastOfOldest() <= leader) {
            window.dropOldest();
            onEviction.run();
        }
    }

    /** Nothing comes any more. The first reason stays. */
    void retire(Retirement why) {
        lock.lock();
        try {
            if (retired == null) {
                retired = why;
            }
            more.signalAll();
            room.signalAll();
        } finally {
            lock.unlock();
        }
    }

    boolean isRetired() {
        lock.lock();
        try {
            return retired != null;
        } finally {
            lock.unlock();
        }
    }

    /** Lets those who wait look whether they were woken. */
    void nudge() {
        lock.lock();
        try {
            more.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
