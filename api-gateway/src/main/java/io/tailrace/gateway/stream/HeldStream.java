package io.tailrace.gateway.stream;

import io.tailrace.events.id.RunId;
import io.tailrace.gateway.problem.RunProblem;
import io.tailrace.gateway.runs.RunDirectory;
import io.tailrace.runlog.RunFeed;
import java.io.IOException;
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

    private final RunId run;
    private final Attempt attempt;
    private final RunDirectory directory;
    private final Duration pause;
    private final BooleanSupplier ending;

    /** One try to open the stream; empty if it cannot be had yet. */
    @FunctionalInterface
    interface Attempt {
        /**
         * Tries it.
         *
         * @throws RunProblem if it would be refused
         */
        Optional<RunFeed> open(Duration atMost) throws InterruptedException;
    }

    /** What the client gets before each attempt. */
    @FunctionalInterface
    interface Beat {
        void send() throws IOException;
    }

    /** @param ending whether nobody waits for the stream any more */
    HeldStream(RunId run, Attempt attempt, RunDirectory directory, Duration heartbeat, BooleanSupplier ending) {
        this.run = run;
        this.attempt = attempt;
        this.directory = directory;
        this.pause = heartbeat.compareTo(TRY_AGAIN) < 0 ? heartbeat : TRY_AGAIN;
        this.ending = ending;
    }

    /**
     * Waits, and tries again and again.
     *
     * @param age how long the stream may be open
     * @return the feed, which the caller closes; empty if the client has to come again: it would be refused now, which
     *     this answer cannot say any more, or the time is up
     * @throws IOException if the client is gone
     */
    Optional<RunFeed> await(Beat beat, Duration age) throws IOException, InterruptedException {
        long until = System.nanoTime() + age.toNanos();
        while (!ending.getAsBoolean() && System.nanoTime() < until) {
            beat.send();
            rest();
            try {
                Optional<RunFeed> opened = attempt.open(TRY_AGAIN);
                if (opened.isPresent()) {
                    return opened;
                }
            } catch (RunProblem refused) {
                LOG.debug("The stream of {} ends: {}", run, refused.detail());
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    /** Until it is worth another attempt: half as long more or less, so that not all who wait ask together. */
    private void rest() throws InterruptedException {
        long end = System.nanoTime()
                + (long) (pause.toNanos() * ThreadLocalRandom.current().nextDouble(0.5, 1.5));
        boolean known = directory.await(run, Duration.ZERO).isPresent();
        for (long left = pause.toNanos(); left > 0 && !ending.getAsBoolean(); left = end - System.nanoTime()) {
            Duration slice = left < SLICE.toNanos() ? Duration.ofNanos(left) : SLICE;
            if (known) {
                TimeUnit.NANOSECONDS.sleep(slice.toNanos());
            } else if (directory.await(run, slice).isPresent()) {
                return;
            }
        }
    }
}
