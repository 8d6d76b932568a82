package io.tailrace.runlog;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * What all inboxes hold together, and may hold. An inbox has no more than its share, and nothing that would take all of
 * them beyond their total: then it is emptied, and read from the log instead. Thread-safe.
 */
final class InboxBudget {
    private final long total;
    private final LongSupplier share;
    private final AtomicLong held = new AtomicLong();

    /**
     * @param total bytes of all inboxes together
     * @param share bytes of one inbox, at the moment
     */
    InboxBudget(long total, LongSupplier share) {
        this.total = total;
        this.share = share;
    }

    /** Takes so many bytes more for an inbox that holds some already. Returns whether they were there. */
    boolean take(long bytes, long alreadyHeld) {
        if (alreadyHeld + bytes > share.getAsLong()) {
            return false;
        }
        if (held.addAndGet(bytes) > total) {
            held.addAndGet(-bytes);
            return false;
        }
        return true;
    }

    /** So many bytes are held no more. */
    void release(long bytes) {
        held.addAndGet(-bytes);
    }

    /** How many bytes all inboxes hold. */
    long held() {
        return held.get();
    }
}
