package io.tailrace.gateway.stream;

import io.tailrace.gateway.problem.RunProblem;
import io.tailrace.gateway.runs.RunDirectory;
import io.tailrace.runlog.RunFeed;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A stream that cannot be opened yet and whose client is kept, whether its run is not decided or the log cannot be read.
 * Confined to the connection's (virtual) thread.
 */
final class HeldStream {
    private static final Logger LOG = LoggerFactory.getLogger(HeldStream.class);
    /** How soon a gateway that shuts down is noticed. */
    private static final Duration SLICE = Duration.ofMillis(250);

    private static final Duration TRY_AGAIN = Duration.ofSeconds(1);

    private final StreamRequest asked;
    private final StreamOpener opener;
    private final RunDirectory directory;
    private final Duration pause;
    private final BooleanSupplier draining;

    HeldStream(
            StreamRequest asked,
            StreamOpener opener,
            RunDirectory directory,
            Duration heartbeat,
            BooleanSupplier draining) {
        this.asked = asked;
        this.opener = opener;
        this.directory = directory;
        this.pause = heartbeat.compareTo(TRY_AGAIN) < 0 ? heartbeat : TRY_AGAIN;
        this.draining = draining;
    }

    /**
     * Waits, with a comment before each attempt.
     *
     * @param age how long the stream may be open
     * @return the feed, which the caller closes; empty if the client has to come again: it would be refused now, which
     *     this answer cannot say any more, or the time is up
     * @throws IOException if the client is gone
     */
    Optional<RunFeed> await(OutputStream out, Duration age) throws IOException, InterruptedException {
        long until = System.nanoTime() + age.toNanos();
        while (!draining.getAsBoolean() && System.nanoTime() < until) {
            out.write(asked.view().heartbeat(asked.run(), Optional.empty()));
            out.flush();
            rest();
            try {
                Optional<RunFeed> opened = opener.open(asked, TRY_AGAIN);
                if (opened.isPresent()) {
                    return opened;
                }
            } catch (RunProblem refused) {
                LOG.debug("The stream of {} ends: {}", asked.run(), refused.detail());
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    /** Until it is worth another attempt: half as long more or less, so that not all who wait ask together. */
    private void rest() throws InterruptedException {
        long end = System.nanoTime()
                + (long) (pause.toNanos() * ThreadLocalRandom.current().nextDouble(0.5, 1.5));
        boolean known = directory.await(asked.run(), Duration.ZERO).isPresent();
        for (long left = pause.toNanos(); left > 0 && !draining.getAsBoolean(); left = end - System.nanoTime()) {
            Duration slice = left < SLICE.toNanos() ? Duration.ofNanos(left) : SLICE;
            if (known) {
                TimeUnit.NANOSECONDS.sleep(slice.toNanos());
            } else if (directory.await(asked.run(), slice).isPresent()) {
                return;
            }
        }
    }
}
