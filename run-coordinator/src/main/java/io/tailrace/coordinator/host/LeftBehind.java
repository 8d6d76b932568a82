package io.tailrace.coordinator.host;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes clients, and leaves behind what does not close: not even a close with a bound of its own can be trusted, because
 * it ends with waiting for a thread without one. Thread-safe.
 */
final class LeftBehind {
    /** How long a client may take to send what it still has. */
    static final Duration CLOSE_WITHIN = Duration.ofSeconds(2);

    private static final Logger LOG = LoggerFactory.getLogger(LeftBehind.class);

    private final Duration patience;
    private final Set<String> names = ConcurrentHashMap.newKeySet();

    LeftBehind() {
        this(CLOSE_WITHIN.multipliedBy(5));
    }

    /** @param patience how long a close is waited for, on a machine where everything is slow */
    LeftBehind(Duration patience) {
        this.patience = patience;
    }

    /** Waits for the close, bounded. What it throws is logged: nobody could do anything about it. */
    void close(String name, Runnable closing) {
        names.add(name);
        Thread closer = Thread.ofPlatform().daemon().name("close-" + name).start(() -> {
            try {
                closing.run();
            } catch (RuntimeException e) {
                LOG.warn("{} did not close in order", name, e);
            } finally {
                names.remove(name);
            }
        });
        try {
            if (!closer.join(patience)) {
                LOG.error("{} has not closed within {} s: it is left behind", name, patience.toSeconds());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What has not closed and goes on by itself; it can hold a lock or turn in a loop. */
    Set<String> names() {
        return Set.copyOf(names);
    }
}
