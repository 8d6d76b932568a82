package io.tailrace.gateway.stream;

import io.tailrace.runlog.Delivery;
import io.tailrace.runlog.RunFeed;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Brings frames that depend on what came before to the place where a client goes on: reads the run from its beginning up to
 * there. A long run takes long; the client gets heartbeats meanwhile. Confined to the connection's (virtual) thread.
 */
final class ReadPast {
    private final StreamRequest asked;
    private final StreamOpener opener;
    private final Duration heartbeat;
    private final BooleanSupplier draining;

    ReadPast(StreamRequest asked, StreamOpener opener, Duration heartbeat, BooleanSupplier draining) {
        this.asked = asked;
        this.opener = opener;
        this.heartbeat = heartbeat;
        this.draining = draining;
    }

    /**
     * Reads up to the place that a feed begins at, if the frames want that.
     *
     * @return whether they are there; otherwise the log cannot be read now, or the gateway shuts down
     * @throws IOException if the client is gone
     */
    boolean read(RunFeed feed, ConnectionFrames frames, OutputStream out) throws IOException, InterruptedException {
        long upTo = feed.cursor().sequence();
        if (!frames.needPast() || upTo == 0) {
            return true;
        }
        Optional<RunFeed> opened = opener.past(asked);
        if (opened.isEmpty()) {
            return false;
        }
        try (RunFeed past = opened.get()) {
            long beat = System.nanoTime();
            while (!past.isOver() && past.cursor().sequence() < upTo) {
                if (draining.getAsBoolean()) {
                    return false;
                }
                List<Delivery> next = past.next(heartbeat);
                next.forEach(it -> frames.past(it, upTo));
                if (System.nanoTime() - beat >= heartbeat.toNanos()) {
                    beat = System.nanoTime();
                    out.write(asked.view().heartbeat(asked.run(), Optional.empty()));
                    out.flush();
                }
            }
        }
        return true;
    }
}
