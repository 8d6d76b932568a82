package io.tailrace.coordinator.live;

import io.tailrace.events.run.Outcome;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** A worker that says every second that it is alive. Thread-safe. */
final class BeatingHolder {
    private final FakeWorker.Holder holder;
    private final ScheduledFuture<?> beats;
    private boolean done;

    BeatingHolder(FakeWorker.Holder holder, ScheduledExecutorService hearts) {
        this.holder = holder;
        this.beats = hearts.scheduleAtFixedRate(this::beat, 1, 1, TimeUnit.SECONDS);
    }

    private synchronized void beat() {
        if (!done) {
            holder.heartbeat();
        }
    }

    synchronized void lines(int count) {
        holder.lines(count);
    }

    synchronized void complete() {
        stop();
        holder.complete(Outcome.SUCCEEDED);
    }

    /** Nothing comes of it any more. */
    synchronized void stop() {
        done = true;
        beats.cancel(false);
    }
}
