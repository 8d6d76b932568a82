package io.tailrace.runlog;

import io.tailrace.events.reading.ReadItem;
import io.tailrace.runlog.ReadResult.Retirement;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntSupplier;
import java.util.function.LongConsumer;

/**
 * A run read from the log at the pace of those who need it: whoever needs the next chunk reads it, for all who share the
 * replay. Nothing is read ahead of everybody, so a reader alone paces its own replay. Thread-safe.
 */
final class Replay {
    private final RunScan scan;
    private final IntSupplier chunkBytes;
    private final LongConsumer onBytes;
    private final ReentrantLock lock = new ReentrantLock();
    private final EventWindow window;
    private int members = 1;

    /**
     * With one reader, who begins it.
     *
     * @param chunkBytes how much to read at once, at the moment; as much again is held
     * @param onBytes told how many bytes of records were read
     */
    Replay(RunScan scan, IntSupplier chunkBytes, LongConsumer onBytes) {
        this.scan = scan;
        this.chunkBytes = chunkBytes;
        this.onBytes = onBytes;
        this.window = new EventWindow(scan.reader().sequence());
    }

    /**
     * Takes a reader on, if its position is one that this replay holds, or is about to come to. A replay that its last
     * reader has left takes nobody on.
     */
    boolean join(long position, long notFurtherThan) {
        lock.lock();
        try {
            boolean near = members > 0 && position + 1 >= window.first() && position - window.head() <= notFurtherThan;
            if (near) {
                members++;
            }
            return near;
        } finally {
            lock.unlock();
        }
    }

    /** A reader goes. Returns how many stay. */
    int leave() {
        lock.lock();
        try {
            members--;
            return members;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes what follows a position, and reads it if nobody has. Blocks while it, or another, reads.
     *
     * @param bytes take no more than this, but at least one thing
     */
    ReadResult take(long position, long bytes) throws LogUnreadable, InterruptedException {
        lock.lockInterruptibly();
        try {
            while (true) {
                if (position + 1 < window.first()) {
                    return new ReadResult.NotHere();
                }
                List<Delivery> found = window.after(position, bytes);
                if (!found.isEmpty()) {
                    return new ReadResult.Found(found, 0);
                }
                if (scan.reader().miscounts() > 0) {
                    // It has come to a number of the log that is not its own: its readers look their places up anew.
                    return new ReadResult.Retired(Retirement.CUT_OFF);
                }
                if (scan.reader().hasEnded()) {
                    return new ReadResult.Nothing();
                }
                makeRoom(position);
                switch (scan.step(Long.MAX_VALUE, chunkBytes.getAsInt())) {
                    case RunScan.Step.AtEnd _ -> {
                        return new ReadResult.Nothing();
                    }
                    case RunScan.Step.CutOff _ -> {
                        return new ReadResult.Retired(Retirement.CUT_OFF);
                    }
                    case RunScan.Step.Moved moved -> {
                        onBytes.accept(moved.bytes());
                        for (ReadItem item : moved.items()) {
                            window.add(item, members > 1, this::grew);
                        }
                    }
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Everything held has been taken by who is at this position; others may want some of it. */
    private void makeRoom(long position) {
        int keep = members > 1 ? chunkBytes.getAsInt() : 0;
        while (!window.isEmpty() && window.bytes() > keep && window.lastOfOldest() <= position) {
            window.dropOldest();
        }
    }

    private void grew(long firstSequence, long by) {
        lock.lock();
        try {
            window.grew(firstSequence, by);
        } finally {
            lock.unlock();
        }
    }
}
