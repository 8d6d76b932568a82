package io.tailrace.local.stack;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What a supervisor knows of one process. Confined to its thread. */
final class WatchedMember {

    private final Clock clock;
    private final BackOff backOff = new BackOff();
    private Instant startedAt;
    private int count;
    private Optional<Restarts> restarts = Optional.empty();

    WatchedMember(Clock clock) {
        this.clock = clock;
        this.startedAt = clock.instant();
    }

    /** Whether its end is known, and its next start due later. */
    boolean isWaiting() {
        return restarts.flatMap(Restarts::nextStart).isPresent();
    }

    boolean isDue() {
        return restarts.flatMap(Restarts::nextStart)
                .filter(at -> !at.isAfter(clock.instant()))
                .isPresent();
    }

    /** It has ended; returns the time until its next start. */
    Duration ended(Optional<Integer> exitCode) {
        Instant now = clock.instant();
        Duration delay = backOff.afterEnd(Duration.between(startedAt, now));
        restarts = Optional.of(new Restarts(count, exitCode, now, Optional.of(now.plus(delay))));
        return delay;
    }

    /** It could not be started; returns the time until the next attempt. */
    Duration failed() {
        Duration delay = backOff.afterEnd(Duration.ZERO);
        restarts = restarts.map(it -> new Restarts(
                count, it.exitCode(), it.endedAt(), Optional.of(clock.instant().plus(delay))));
        return delay;
    }

    void started() {
        count++;
        startedByAnother();
    }

    /** Somebody was faster, a test for example. */
    void startedByAnother() {
        startedAt = clock.instant();
        restarts = restarts.map(it -> new Restarts(count, it.exitCode(), it.endedAt(), Optional.empty()));
    }

    int count() {
        return count;
    }

    int failuresInARow() {
        return backOff.failuresInARow();
    }

    /** Empty as long as it never ended. */
    Optional<Restarts> restarts() {
        return restarts;
    }
}
