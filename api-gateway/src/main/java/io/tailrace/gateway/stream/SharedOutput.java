package io.tailrace.gateway.stream;

import io.tailrace.events.id.RunId;
import io.tailrace.events.reading.CursorToken;
import io.tailrace.events.reading.RunCursor;
import io.tailrace.events.reading.RunPlace;
import io.tailrace.events.reading.RunPlaces;
import io.tailrace.gateway.cursor.Cursors;
import io.tailrace.gateway.view.SseFrame;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * What several runs write to, one piece at a time, in the order in which they ask: none waits for more than a piece of each
 * other. Every frame gets as its id the token of all places, as they are after it. Thread-safe; blocks while the client does
 * not read.
 */
final class SharedOutput {
    private final OutputStream out;
    private final Cursors cursors;
    private final StreamMeters meters;
    private final RunPlaces places;
    private final ReentrantLock turn = new ReentrantLock(true);
    private volatile long lastWrite = System.nanoTime();

    /** @param places where the client is when it comes, and what it is told from now on */
    SharedOutput(OutputStream out, Cursors cursors, StreamMeters meters, RunPlaces places) {
        this.out = out;
        this.cursors = cursors;
        this.meters = meters;
        this.places = places;
    }

    /** What one run writes. */
    DeliveryWriter.Sink of(RunId run) {
        return new DeliveryWriter.Sink() {
            @Override
            public void events(byte[] bytes, RunCursor after) throws IOException {
                write(() -> SseFrame.withIds(bytes, id -> passed(run, place(id))));
            }

            @Override
            public void control(Optional<RunCursor> place, Function<String, byte[]> frame) throws IOException {
                write(() -> {
                    place.ifPresent(it -> places.put(run, new RunPlace(it, true)));
                    return frame.apply(cursors.token(places));
                });
            }
        };
    }

    /** Writes a frame of the connection itself. */
    void control(Function<String, byte[]> frame) throws IOException {
        write(() -> frame.apply(cursors.token(places)));
    }

    /** Makes bytes when it is their turn. */
    @FunctionalInterface
    private interface Bytes {
        byte[] make();
    }

    private void write(Bytes bytes) throws IOException {
        turn.lock();
        try {
            byte[] made = bytes.make();
            out.write(made);
            meters.sent(made.length);
            if (!turn.hasQueuedThreads()) {
                // Otherwise whoever is next does, when it has written its own.
                out.flush();
            }
            lastWrite = System.nanoTime();
        } finally {
            turn.unlock();
        }
    }

    /** How long nothing was written, in nanoseconds. */
    long silentNanos() {
        return System.nanoTime() - lastWrite;
    }

    private String passed(RunId run, RunCursor place) {
        places.put(run, new RunPlace(place, true));
        return cursors.token(places);
    }

    /** The place that a frame of ours says in its id. */
    private static RunCursor place(String id) {
        try {
            return CursorToken.parse(id).claimed();
        } catch (RunCursor.MalformedCursor e) {
            throw new IllegalStateException("a frame of ours has no cursor as its id: " + id, e);
        }
    }
}
