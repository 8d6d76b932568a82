package io.tailrace.gateway.events;

import io.tailrace.gateway.json.EventJson;
import io.tailrace.gateway.json.RecordJson;
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

    private final EventJson view;
    private final EventSelection selection;
    private final EventSink sink;

    EventReading(EventJson view, EventSelection selection, EventSink sink) {
        this.view = view;
        this.selection = selection;
        this.sink = sink;
    }

    /**
     * Reads until the sink has enough, the feed is over, or the time is up (then without a last word to the sink).
     *
     * @throws RunProblem {@code log_unreadable} if the log had nothing for too long
     */
    void run(RunFeed feed, Duration atMost) throws IOException, InterruptedException {
        long began = System.nanoTime();
        while (true) {
            List<Delivery> batch = feed.next(STALLED_AFTER);
            if (batch.isEmpty()) {
                if (!feed.isOver()) {
                    throw RunProblem.logUnreadable(new LogUnreadable("it gave nothing for " + STALLED_AFTER));
                }
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

    private boolean take(Delivery delivery) throws IOException {
        switch (delivery) {
            case Delivery.Events events -> {
                return events(events);
            }
            case Delivery.Gap gap -> sink.gap(gap.fromSequence(), gap.toSequence());
            case Delivery.Reset reset -> sink.reset(reset.reason());
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

    private boolean events(Delivery.Events events) throws IOException {
        if (selection.isPast(events.firstSequence())) {
            sink.finished();
            return false;
        }
        if (!selection.wants(events.item())) {
            return true;
        }
        RecordJson json = view.of(events.item());
        for (int i = events.fromIndex(); i < json.count(); i++) {
            if (selection.has(events.item().firstSequence() + i) && !sink.event(events.item(), json, i)) {
                return false;
            }
        }
        return true;
    }
}
