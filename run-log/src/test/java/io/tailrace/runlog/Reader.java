package io.tailrace.runlog;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Reads a feed for a test, within a bound. */
final class Reader implements AutoCloseable {
    static final Duration BOUND = Duration.ofSeconds(30);
    private static final Duration STEP = Duration.ofMillis(200);

    private final RunFeed feed;
    private final List<Delivery> deliveries = new ArrayList<>();

    Reader(RunFeed feed) {
        this.feed = feed;
    }

    RunFeed feed() {
        return feed;
    }

    /** Reads to the last delivery. */
    List<Delivery> toEnd() throws InterruptedException {
        return until(_ -> false);
    }

    /** Reads until something holds of everything read so far, or to the last delivery. */
    List<Delivery> until(Predicate<List<Delivery>> enough) throws InterruptedException {
        long end = System.nanoTime() + BOUND.toNanos();
        while (!feed.isOver() && !enough.test(deliveries)) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("not within the bound; read so far: " + summary());
            }
            deliveries.addAll(feed.next(STEP));
        }
        return List.copyOf(deliveries);
    }

    List<Delivery> untilEvents(int count) throws InterruptedException {
        return until(it -> Seen.of(it).size() >= count);
    }

    /** Whether nothing comes for a moment. */
    boolean isQuiet() throws InterruptedException {
        List<Delivery> more = feed.next(STEP);
        deliveries.addAll(more);
        return more.isEmpty();
    }

    List<Delivery> deliveries() {
        return List.copyOf(deliveries);
    }

    List<Seen> seen() {
        return Seen.of(deliveries);
    }

    private String summary() {
        List<String> lines = new ArrayList<>();
        for (Delivery delivery : deliveries) {
            lines.add(
                    delivery instanceof Delivery.Events events
                            ? events.firstSequence() + " "
                                    + events.item().record().headers().type()
                            : delivery.toString());
        }
        return lines.subList(Math.max(0, lines.size() - 20), lines.size()).toString();
    }

    @Override
    public void close() {
        feed.close();
    }
}
