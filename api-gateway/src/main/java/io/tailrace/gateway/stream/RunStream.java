package io.tailrace.gateway.stream;

import io.tailrace.events.id.RunId;
import io.tailrace.events.reading.RunCursor;
import io.tailrace.gateway.cursor.Cursors;
import io.tailrace.gateway.view.JsonBytes;
import io.tailrace.runlog.Delivery;
import io.tailrace.runlog.RunFeed;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
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
    private final Cursors cursors;
    private final StreamMeters meters;
    private String lastId = "";
    /** The place after the last event that was written, whose id is made when it is asked for. */
    private Optional<RunCursor> passed = Optional.empty();

    RunStream(RunId run, RunFeed feed, OutputStream out, StreamView view, Cursors cursors, StreamMeters meters) {
        this.run = run;
        this.feed = feed;
        this.out = out;
        this.view = view;
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
        open(settings.retry());
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
                    write(SseFrame.heartbeat());
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

    private void open(Duration retry) throws IOException {
        // Clients ignore an id without data, so the frame has some: a connection lost before the first event resumes
        // too.
        JsonBytes frame = new JsonBytes(512);
        SseFrame.retry(frame, retry.toMillis());
        SseFrame.begin(frame, "stream.open");
        frame.raw("{\"run_id\":")
                .text(run.value())
                .raw(",\"cursor\":")
                .text(lastId)
                .raw("}");
        SseFrame.end(frame, lastId);
        write(frame.toBytes());
        out.flush();
    }

    /** The client is to go on elsewhere, at once. */
    private void rotate() throws IOException {
        JsonBytes frame = new JsonBytes(64);
        SseFrame.retry(frame, SHORT_RETRY.toMillis());
        write(frame.toBytes());
        out.flush();
    }

    private void deliver(Delivery delivery) throws IOException {
        switch (delivery) {
            case Delivery.Events events -> {
                events.shared().pieces(view.frames(), events.fromIndex(), (bytes, _) -> write(bytes));
                passed = Optional.of(events.item().cursor());
            }
            case Delivery.Gap gap -> {
                meters.opened("gap");
                JsonBytes data = new JsonBytes(128);
                data.raw("{\"run_id\":").text(run.value());
                data.raw(",\"from\":").number(gap.fromSequence());
                data.raw(",\"to\":").number(gap.toSequence()).raw("}");
                control("stream.gap", data);
            }
            case Delivery.Reset reset -> {
                meters.opened("reset_" + reset.reason().name().toLowerCase(Locale.ROOT));
                JsonBytes data = new JsonBytes(128);
                data.raw("{\"run_id\":").text(run.value());
                data.raw(",\"reason\":")
                        .text(reset.reason().name().toLowerCase(Locale.ROOT))
                        .raw("}");
                passed = Optional.of(reset.start());
                control("stream.reset", data);
            }
            case Delivery.Notice notice -> {
                Optional<JsonBytes> data = view.notice(notice.record());
                if (data.isPresent()) {
                    control("run.notice", data.get());
                }
            }
            case Delivery.End end -> end(end.cursor());
            case Delivery.UpToDate _ -> throw new IllegalStateException("a stream has no end but the run's");
        }
    }

    private void end(RunCursor cursor) throws IOException {
        JsonBytes data = new JsonBytes(256);
        data.raw("{\"run_id\":").text(run.value());
        data.raw(",\"last_sequence\":").number(cursor.sequence()).raw("}");
        passed = Optional.of(cursor);
        control("stream.end", data);
    }

    /** A frame of the stream's own, with the place that the client has come to. */
    private void control(String event, JsonBytes data) throws IOException {
        passed.ifPresent(it -> lastId = view.id(run, cursors.token(run, it)));
        passed = Optional.empty();
        JsonBytes frame = new JsonBytes(512);
        SseFrame.begin(frame, event);
        frame.raw(data.toBytes());
        SseFrame.end(frame, lastId);
        write(frame.toBytes());
    }

    private void write(byte[] bytes) throws IOException {
        out.write(bytes);
        meters.sent(bytes.length);
    }
}
