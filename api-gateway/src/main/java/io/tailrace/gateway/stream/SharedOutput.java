package io.tailrace.gateway.stream;

import io.tailrace.events.id.RunId;
import io.tailrace.events.reading.CursorToken;
import io.tailrace.events.reading.RunCursor;
import io.tailrace.events.reading.RunPlace;
import io.tailrace.gateway.view.SseFrame;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * What several runs write to, one piece at a time, in the order in which they ask: none waits for more than a piece of each
 * other. Every frame gets as its id the token of all places, as they are after it. Thread-safe; blocks while the client does
 * not read.
 */
final class SharedOutput {
    /** How soon who waits for room notices that the connection ends, or that a checkpoint may be written again. */
    private static final Duration LOOK_AGAIN = Duration.ofMillis(100);

    private final OutputStream out;
    private final StreamMeters meters;
    private final ClientPlaces places;
    private final BooleanSupplier ending;
    private final ReentrantLock turn = new ReentrantLock(true);
    private final Condition room = turn.newCondition();
    private volatile long lastWrite = System.nanoTime();

    /**
     * Writes nothing yet.
     *
     * @param places where the client is when it comes, and what it is told from now on
     * @param ending whether nothing more is to be written
     */
    SharedOutput(OutputStream out, StreamMeters meters, ClientPlaces places, BooleanSupplier ending) {
        this.out = out;
        this.meters = meters;
        this.places = places;
        this.ending = ending;
    }

    /** The connection ended while a run waited for room in its token. */
    static final class Ended extends IOException {
        private static final long serialVersionUID = 1L;

        Ended() {
            super("the connection ends");
        }
    }

    /** What one run writes. */
    DeliveryWriter.Sink of(RunId run) {
        return new DeliveryWriter.Sink() {
            @Override
            public void events(byte[] bytes, RunCursor after) throws IOException {
                write(Optional.of(run), () -> SseFrame.withIds(bytes, id -> passed(run, place(id))));
            }

            @Override
            public void control(Optional<RunCursor> place, Function<String, byte[]> frame) throws IOException {
                write(Optional.of(run), () -> {
                    place.ifPresent(it -> places.put(run, new RunPlace(it, true)));
                    return frame.apply(places.token());
                });
            }
        };
    }

    /** Writes a frame of the connection itself. */
    void control(Function<String, byte[]> frame) throws IOException {
        write(Optional.empty(), () -> frame.apply(places.token()));
    }

    /** Writes what keeps the connection alive. */
    void heartbeat() throws IOException {
        write(Optional.empty(), SseFrame::heartbeat);
    }

    /** A run begins here, of which the client has nothing. Blocks while its token has no room for that. */
    void begins(RunId run, RunPlace place) throws IOException {
        turn.lock();
        try {
            awaitRoom(run);
            places.put(run, place);
            places.makeRoom(this::inTurn);
        } finally {
            turn.unlock();
        }
    }

    /** Waits until a token has room for all that has moved; false if the time was up before. */
    boolean awaitFit(Duration atMost) throws InterruptedException {
        long until = System.nanoTime() + atMost.toNanos();
        turn.lock();
        try {
            while (!places.fits()) {
                places.makeRoom(this::inTurn);
                long left = Math.min(until - System.nanoTime(), LOOK_AGAIN.toNanos());
                if (left <= 0) {
                    return false;
                }
                long _ = room.awaitNanos(left);
            }
            return true;
        } finally {
            turn.unlock();
        }
    }

    private void awaitRoom(RunId run) throws IOException {
        while (!places.hasRoom(run)) {
            if (ending.getAsBoolean()) {
                throw new Ended();
            }
            // Who wrote last has left that to us.
            out.flush();
            places.makeRoom(this::inTurn);
            try {
                long _ = room.awaitNanos(LOOK_AGAIN.toNanos());
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                throw new Ended();
            }
        }
    }

    private void inTurn(Runnable change) {
        turn.lock();
        try {
            change.run();
            room.signalAll();
        } finally {
            turn.unlock();
        }
    }

    /** Makes bytes when it is their turn. */
    @FunctionalInterface
    private interface Bytes {
        byte[] make();
    }

    /** @param run that moves by it; empty if none does */
    private void write(Optional<RunId> run, Bytes bytes) throws IOException {
        turn.lock();
        try {
            if (run.isPresent()) {
                awaitRoom(run.get());
            }
            byte[] made = bytes.make();
            out.write(made);
            meters.sent(made.length);
            if (!turn.hasQueuedThreads()) {
                // Otherwise whoever is next does, when it has written its own.
                out.flush();
            }
            lastWrite = System.nanoTime();
            places.makeRoom(this::inTurn);
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
        return places.token();
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
