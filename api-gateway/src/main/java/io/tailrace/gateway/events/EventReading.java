package io.tailrace.gateway.events;

import io.tailrace.gateway.problem.RunProblem;
import io.tailrace.runlog.Delivery;
import io.tailrace.runlog.LogUnreadable;
import io.tailrace.runlog.RunFeed;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** Gives what is wanted of a feed to a sink. Blocks on both; holds one batch of deliveries at a time. */
final class EventReading {
    /** A log that has nothing for so long while more must come cannot be read. */
    private static final Duration STALLED_AFTER = Duration.ofSeconds(15);

    private final EventSource source;
    private final EventSink sink;

    EventReading(EventSource source, EventSink sink) {
        this.source = source;
        this.sink = sink;
    }

    /**
     * Has the source know what lies before a place.
     *
     * @param feed of the run from its beginning
     * @param upToSequence of the last event before the place
     * @throws RunProblem {@code log_unreadable} if the log had nothing for too long
     */
    void past(RunFeed feed, long upToSequence) throws InterruptedException {
        while (!feed.isOver() && feed.cursor().sequence() < upToSequence) {
            for (Delivery delivery : next(feed)) {
                if (delivery instanceof Delivery.Events events && events.firstSequence() <= upToSequence) {
                    long wanted = upToSequence - events.item().firstSequence() + 1;
                    source.past(events.item(), (int) Math.min(events.item().count(), wanted));
                }
            }
        }
    }

    /**
     * Reads until the sink has enough, the feed is over, or the time is up (then without a last word to the sink).
     *
     * @throws RunProblem {@code log_unreadable} if the log had nothing for too long
     */
    void run(RunFeed feed, Duration atMost) throws IOException, InterruptedException {
        long began = System.nanoTime();
        while (true) {
            List<Delivery> batch = next(feed);
            if (batch.isEmpty()) {
                sink.finished();
                return;
            }
            for (Delivery delivery : batch) {
                if (!take(delivery)) {
                    return;
                }
            }
            sink.examined(feed.cursor());
            if (System.nanoTime() - began > atMost.toNanos()) {
                return;
            }
        }
    }

    /** What comes next; nothing if the feed is over. */
    private static List<Delivery> next(RunFeed feed) throws InterruptedException {
        List<Delivery> batch = feed.next(STALLED_AFTER);
        if (batch.isEmpty() && !feed.isOver()) {
            throw RunProblem.logUnreadable(new LogUnreadable("it gave nothing for " + STALLED_AFTER));
        }
        return batch;
    }

    private boolean take(Delivery delivery) throws IOException {
        switch (delivery) {
            case Delivery.Events events -> {
                return source.events(events.item(), events.fromIndex(), sink);
            }
            case Delivery.Gap gap -> sink.gap(gap.fromSequence(), gap.toSequence());
            case Delivery.Reset reset -> {
                source.reset();
                sink.reset(reset.reason());
            }
            case Delivery.Notice _ -> {}
            case Delivery.End _ -> {
                sink.finished();
                return false;
            }
            case Delivery.UpToDate now -> {
                sink.upToDate(now.cursor());
                return false;
            }
        }
        return true;
    }
}
