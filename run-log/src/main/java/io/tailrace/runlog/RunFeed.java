package io.tailrace.runlog;

import io.tailrace.events.reading.RunCursor;
import java.time.Duration;
import java.util.List;

/**
 * One reader's way through a run. Confined to the thread that reads, which also closes it; {@link #wake} may be called by
 * any.
 */
public interface RunFeed extends AutoCloseable {

    /** What a reader takes at once that says nothing else, in bytes of records. */
    long BYTES_AT_ONCE = 256 * 1024;

    /**
     * What comes next: at least one delivery, or nothing if the time was up, the feed was woken, or the last
     * delivery is out. A log that cannot be reached is waited for like one that has nothing new.
     *
     * @param wait how long to wait for the first delivery
     */
    default List<Delivery> next(Duration wait) throws InterruptedException {
        return next(wait, BYTES_AT_ONCE);
    }

    /**
     * The same, for a reader that holds less at once.
     *
     * @param maxBytes about how many bytes of records, from 1; one record may be larger
     */
    List<Delivery> next(Duration wait, long maxBytes) throws InterruptedException;

    /** The cursor of the last event delivered, or the one to begin with. */
    RunCursor cursor();

    /** Whether the last delivery is out. At once true if it was opened at the end of a run that has ended. */
    boolean isOver();

    /**
     * Whether what {@link #next} gave last had just come: the reader had everything before it, and waited for it or was
     * not far behind. False for what is read again from the log.
     */
    boolean isLive();

    /** Lets a waiting {@link #next} return. */
    void wake();

    @Override
    void close();
}
