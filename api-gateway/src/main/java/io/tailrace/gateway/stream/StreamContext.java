package io.tailrace.gateway.stream;

import io.tailrace.gateway.cursor.Cursors;
import io.tailrace.gateway.runs.RunDirectory;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * All that streams share.
 *
 * @param decideWithin how long an answer waits, before it begins, until a run is decided
 */
record StreamContext(
        StreamOpener opener,
        RunDirectory directory,
        OpenStreams streams,
        StreamMeters meters,
        StreamSettings settings,
        Cursors cursors,
        Duration decideWithin) {
    /** Before a client for whom there is no room connects again. */
    private static final Duration ROOM_RETRY = Duration.ofSeconds(3);

    /** How long a stream may be open. */
    Duration age() {
        return jittered(settings.maxAge(), 0.2);
    }

    /** After how long a client for whom there is no place here comes again: elsewhere, if this gateway is shutting down. */
    Duration retryWithoutPlace() {
        return streams.isDraining() ? RunStream.SHORT_RETRY : jittered(ROOM_RETRY, 0.7);
    }

    /** Some part more or less, so that clients that came together do not come back together. */
    static Duration jittered(Duration about, double part) {
        return Duration.ofMillis(
                (long) (about.toMillis() * ThreadLocalRandom.current().nextDouble(1 - part, 1 + part)));
    }
}
