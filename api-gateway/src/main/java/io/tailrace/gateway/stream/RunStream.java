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
import java.util.function.Function;

/**
 * One client's stream: takes what its feed has, writes it in one go, flushes, and waits for more. A slow client blocks
 * this thread alone. Confined to the connection's (virtual) thread.
 */
final class RunStream implements DeliveryWriter.Sink {
    /** Before a client that has to go elsewhere connects again. */
    static final Duration SHORT_RETRY = Duration.ofMillis(100);

    private final RunId run;
    private final RunFeed feed;
    private final OutputStream out;
    private final StreamView view;
    private final ConnectionFrames frames;
    private final Cursors cursors;
    private final StreamMeters meters;
    private final DeliveryWriter writer;
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
        this.writer = new DeliveryWriter(frames, this, meters);
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

    /** Writes deliveries in one go. */
    private void deliver(List<Delivery> deliveries, BooleanSupplier draining) throws IOException {
        boolean live = feed.isLive();
        boolean _ = writer.write(deliveries, draining);
        out.flush();
        if (live) {
            writer.sentLive(deliveries);
        }
    }

    /** The client is to go on elsewhere, at once. */
    private void rotate() throws IOException {
        write(view.retry(SHORT_RETRY));
        out.flush();
    }

    private void write(byte[] bytes) throws IOException {
        out.write(bytes);
        meters.sent(bytes.length);
    }

    @Override
    public void events(byte[] bytes, RunCursor after) throws IOException {
        write(bytes);
        passed = Optional.of(after);
    }

    @Override
    public void control(Optional<RunCursor> place, Function<String, byte[]> frame) throws IOException {
        place.or(() -> passed).ifPresent(it -> lastId = view.id(run, cursors.token(run, it)));
        passed = Optional.empty();
        write(frame.apply(lastId));
    }
}
