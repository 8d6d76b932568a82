package io.tailrace.worker.queue;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Slows a worker down whose claims are not taken by the log: a second, doubled with each claim in doubt, to 8 s at the most. So a sick
 * partition does not use up the deliveries of a request within seconds. Confined to one thread.
 */
final class ClaimDoubts {

    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final int DOUBLED_AT_MOST = 3;

    private final CountDownLatch closing;
    private int inARow;
    private boolean due;

    /** Nothing is in doubt; no pause is longer than until this opens. */
    ClaimDoubts(CountDownLatch closing) {
        this.closing = closing;
    }

    /** A claim is in doubt. */
    void arose() {
        inARow++;
        due = true;
    }

    /** A claim was taken. */
    void settled() {
        inARow = 0;
        due = false;
    }

    /** Blocks for as long as the doubts say, once for each time that they arose. */
    void pause() throws InterruptedException {
        if (due) {
            due = false;
            int doubled = Math.min(inARow - 1, DOUBLED_AT_MOST);
            boolean _ = closing.await(FIRST.multipliedBy(1L << doubled).toMillis(), TimeUnit.MILLISECONDS);
        }
    }
}
