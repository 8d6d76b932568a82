package io.tailrace.gateway.stream;

import io.tailrace.events.id.RunId;
import io.tailrace.events.reading.RunCursor;
import io.tailrace.gateway.cursor.Cursors;
import io.tailrace.gateway.view.StreamView;
import io.tailrace.runlog.Delivery;
import io.tailrace.runlog.RunFeed;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * One client's stream: takes what its feed has, writes it in one go, flushes, and waits for more. A slow client blocks
 * this thread alone. Confined to the connection's (virtual) thread.
 */
final class RunStream {
    /** Before a client that has to go elsewhere connects again. */
    static final Duration SHORT_RETRY = Duration.ofMillis(100);

    private final RunId run;
    private final RunFeed feed;
    private final OutputStream out;
    private final StreamView view;
    private final ConnectionFrames frames;
    private final Cursors cursors;
    private final StreamMeters meters;
    private String lastId = "";
    /** The place after the last event that was written, whose id is made when it is asked for. */
    private Optional<RunCursor> passed = Optional.empty();

    /** @param frames the view's, which know what lies before the place that the feed begins at */
    RunStream(
            RunId run,
            RunFeed feed,
            OutputStream out,
            StreamView view,
            ConnectionFrames frames,
            Cursors cursors,
            StreamMeters meters) {
        this.run = run;
        this.feed = feed;
        this.out = out;
        this.view = view;
        this.frames = frames;
        this.cursors = cursors;
        this.meters = meters;
    }

    /**
     * Streams until the run's end, the stream's age, or the gateway's end.
     *
     * @param cameWith the token that the client came with, as it was (it may prove nothing, and is
     *     not sealed anew), which stays its last event id until it gets another; empty if it came without one
     * @param age how long the stream may be open
     * @param draining whether the gateway is shutting down
     * @throws IOException if the client is gone
     */
    void run(Optional<String> cameWith, StreamSettings settings, Duration age, BooleanSupplier draining)
            throws IOException, InterruptedException {
        long until = System.nanoTime() + age.toNanos();
        lastId = view.id(run, cameWith.orElseGet(() -> cursors.token(run, feed.cursor())));
        write(frames.open(settings.retry(), lastId));
        out.flush();
        while (!feed.isOver()) {
            Duration left = Duration.ofNanos(until - System.nanoTime());
            if (draining.getAsBoolean() || !left.isPositive()) {
                rotate();
                return;
            }
            Duration wait = left.compareTo(settings.heartbeat()) < 0 ? left : settings.heartbeat();
            long asked = System.nanoTime();
            List<Delivery> next = feed.next(wait);
            if (next.isEmpty()) {
                if (System.nanoTime() - asked >= settings.heartbeat().toNanos()) {
                    write(view.heartbeat(run, Optional.of(lastId)));
                    out.flush();
                }
                continue;
            }
            deliver(next, draining);
        }
    }

    /** Writes deliveries in one go. A client that reads slowly is not waited for at the gateway's end. */
    private void deliver(List<Delivery> deliveries, BooleanSupplier draining) throws IOException {
        boolean live = feed.isLive();
        for (Delivery delivery : deliveries) {
            if (draining.getAsBoolean()) {
                break;
            }
            deliver(delivery);
        }
        out.flush();
        if (live) {
            for (Delivery delivery : deliveries) {
                if (delivery instanceof Delivery.Events events) {
                    meters.wrote(events.item().record().timestamp());
                }
            }
        }
    }

    /** The client is to go on elsewhere, at once. */
    private void rotate() throws IOException {
        write(view.retry(SHORT_RETRY));
        out.flush();
    }

    private void deliver(Delivery delivery) throws IOException {
        switch (delivery) {
            case Delivery.Events events -> {
                frames.events(events, (bytes, _) -> write(bytes));
                passed = Optional.of(events.item().cursor());
            }
            case Delivery.Gap gap -> {
                meters.opened("gap");
                control(gap);
            }
            case Delivery.Reset reset -> {
                meters.opened("reset_" + reset.reason().wireName());
                passed = Optional.of(reset.start());
                control(reset);
            }
            case Delivery.Notice notice -> control(notice);
            case Delivery.End end -> {
                passed = Optional.of(end.cursor());
                control(end);
            }
            case Delivery.UpToDate _ -> throw new IllegalStateException("a stream has no end but the run's");
        }
    }

    /** What is said between events, with the place that the client has come to. */
    private void control(Delivery.Control control) throws IOException {
        passed.ifPresent(it -> lastId = view.id(run, cursors.token(run, it)));
        passed = Optional.empty();
        write(frames.control(control, lastId));
    }

    private void write(byte[] bytes) throws IOException {
        out.write(bytes);
        meters.sent(bytes.length);
    }
}
