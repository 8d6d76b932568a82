package io.tailrace.gateway.stream;

import io.tailrace.runlog.RunFeed;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.context.SmartLifecycle;

/**
 * The streams that are open, bounded in number. When the gateway shuts down they are woken and end by themselves, before
 * the server waits for its requests. Thread-safe.
 */
final class OpenStreams implements SmartLifecycle {
    private final int max;
    private final Set<RunFeed> feeds = ConcurrentHashMap.newKeySet();
    private final AtomicInteger places = new AtomicInteger();
    private volatile boolean running;
    private volatile boolean draining;

    OpenStreams(int max) {
        this.max = max;
    }

    /**
     * Takes places for a stream, never more than there are; false if there are not so many left, or the gateway is
     * shutting down.
     */
    boolean enter(int wanted) {
        if (draining) {
            return false;
        }
        if (places.addAndGet(taken(wanted)) > max) {
            leave(wanted);
            return false;
        }
        return true;
    }

    /** Gives back what {@link #enter} took. */
    void leave(int wanted) {
        places.addAndGet(-taken(wanted));
    }

    private int taken(int wanted) {
        return Math.min(wanted, max);
    }

    void add(RunFeed feed) {
        feeds.add(feed);
    }

    void remove(RunFeed feed) {
        feeds.remove(feed);
    }

    /** How many places are taken. */
    int count() {
        return places.get();
    }

    /** Whether streams are to end now. */
    boolean isDraining() {
        return draining;
    }

    @Override
    public void start() {
        draining = false;
        running = true;
    }

    @Override
    public void stop() {
        draining = true;
        feeds.forEach(RunFeed::wake);
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Stopped first of all. */
    @Override
    public int getPhase() {
        return Integer.MAX_VALUE;
    }
}
