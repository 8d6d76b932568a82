package io.tailrace.gateway.stream;

import io.tailrace.events.id.RunId;
import io.tailrace.events.reading.CheckpointedPlaces;
import io.tailrace.events.reading.RunPlace;
import io.tailrace.events.reading.RunProgress;
import io.tailrace.gateway.cursor.Checkpoints;
import io.tailrace.gateway.cursor.SubscriptionCursors;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Those of a subscription: a checkpoint in the log has all, a token has what moved since. The next checkpoint is begun long
 * before a token is full, so that nobody waits for it while the log is quick; how much is written is bounded, so that a stream whose
 * runs are all busy does not fill the log.
 */
final class PlacesInLog implements ClientPlaces {
    /** From so many runs that have moved on the next checkpoint is begun: a token is below 1 KB then. */
    static final int BEGIN_AT = 16;

    /** What may be written at once, in bytes: what a client of as many runs as there may be needs that begins anew. */
    private static final double MOST_AT_ONCE = 2 << 20;

    /** After that, in bytes a second: with 500 runs within chapters some 15 checkpoints, which are 700 runs that move. */
    private static final double RATE = 256 << 10;

    private static final double NANOS = 1e9;

    private static final Logger LOG = LoggerFactory.getLogger(PlacesInLog.class);

    private final CheckpointedPlaces places;
    private final SubscriptionCursors cursors;
    private final Checkpoints checkpoints;
    private final StreamMeters meters;
    private final LongSupplier nanoTime;
    /** What may be written now; below zero after one that was larger. Used in turn. */
    private double allowed = MOST_AT_ONCE;

    private long allowedAt;

    PlacesInLog(
            CheckpointedPlaces places,
            SubscriptionCursors cursors,
            Checkpoints checkpoints,
            StreamMeters meters,
            LongSupplier nanoTime) {
        this.places = places;
        this.cursors = cursors;
        this.checkpoints = checkpoints;
        this.meters = meters;
        this.nanoTime = nanoTime;
        this.allowedAt = nanoTime.getAsLong();
    }

    @Override
    public void put(RunId run, RunPlace place) {
        places.put(run, new RunProgress.At(place));
    }

    @Override
    public void over(RunId run) {
        places.over(run);
    }

    @Override
    public boolean hasRoom(RunId run) {
        return places.hasRoom(run);
    }

    @Override
    public boolean fits() {
        return places.fits();
    }

    @Override
    public String token() {
        return cursors.token(places);
    }

    @Override
    public void makeRoom(Consumer<Runnable> inTurn) {
        if (places.moved() < BEGIN_AT || !mayWrite()) {
            return;
        }
        Optional<byte[]> next = cursors.checkpoint(places);
        if (next.isEmpty()) {
            return;
        }
        allowed -= next.get().length;
        long began = nanoTime.getAsLong();
        var _ = checkpoints.write(next.get()).whenComplete((ref, failure) -> {
            meters.checkpoint(failure == null, nanoTime.getAsLong() - began);
            if (failure != null) {
                LOG.debug("A checkpoint was not written", failure);
            }
            // On a thread of its own: the one that brings the answer must not wait for a client that does not read.
            var _ = Thread.ofVirtual()
                    .name("checkpoint")
                    .start(() -> inTurn.accept(() -> {
                        if (failure == null) {
                            places.written(ref);
                        } else {
                            places.notWritten();
                        }
                    }));
        });
    }

    private boolean mayWrite() {
        long now = nanoTime.getAsLong();
        allowed = Math.min(MOST_AT_ONCE, allowed + (now - allowedAt) / NANOS * RATE);
        allowedAt = now;
        return allowed > 0;
    }
}
