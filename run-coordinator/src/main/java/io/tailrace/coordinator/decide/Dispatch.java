package io.tailrace.coordinator.decide;

import io.tailrace.events.id.Attempt;
import io.tailrace.events.id.AvroName;
import io.tailrace.events.run.RunFact.StageRedispatched;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How a stage was given to the workers. What the previous releases did not store is made of what they did, so that a
 * limit counted from it is never reached too early.
 *
 * @param attempt the attempt that was dispatched last
 * @param firstAt when attempt 1 was
 * @param lastAt when this attempt was
 * @param requestClock the tick clock from which on its request, sent last, can be taken
 * @param lastClock the tick clock from which on this attempt can be claimed; always present
 * @param requestAt the moment at which its request was sent last; always present
 * @param losses how many attempts were given up because nothing was heard of them; always present
 */
@AvroName(namespace = "io.tailrace.coordinator.decide")
public record Dispatch(
        Attempt attempt,
        Instant firstAt,
        Instant lastAt,
        Duration requestClock,
        Optional<Duration> lastClock,
        Optional<Instant> requestAt,
        Optional<Integer> losses) {

    public Dispatch {
        lastClock = lastClock.or(() -> Optional.of(requestClock));
        requestAt = requestAt.or(() -> Optional.of(lastAt));
        losses = losses.or(() -> Optional.of(attempt.value() - 1));
    }

    static Dispatch first(Instant at, Duration clock) {
        return new Dispatch(Attempt.FIRST, at, at, clock, Optional.of(clock), Optional.of(at), Optional.of(0));
    }

    /** A silence of no length is that of the log, which has lost the holder's records: no worker failed. */
    Dispatch again(StageRedispatched redispatched, Instant at, Duration clock) {
        int lost = lost()
                + switch (redispatched.reason()) {
                    case SILENCE -> redispatched.silence().isZero() ? 0 : 1;
                    case RELEASED -> 0;
                };
        return new Dispatch(
                redispatched.attempt(), firstAt, at, clock, Optional.of(clock), Optional.of(at), Optional.of(lost));
    }

    Dispatch repeated(Instant at, Duration clock) {
        return new Dispatch(attempt, firstAt, lastAt, clock, lastClock, Optional.of(at), losses);
    }

    /** The tick clock since which the attempt waits to be claimed; repeats of its request do not change it. */
    Duration waitsSince() {
        return lastClock.orElseThrow();
    }

    Instant requestSentAt() {
        return requestAt.orElseThrow();
    }

    int lost() {
        return losses.orElseThrow();
    }
}
