package io.tailrace.coordinator.decide;

import io.tailrace.events.id.Attempt;
import java.time.Duration;
import java.time.Instant;

/**
 * How a stage was given to the workers.
 *
 * @param attempt the attempt that was dispatched last
 * @param firstAt when attempt 1 was
 * @param lastAt when this attempt was
 * @param requestClock the tick clock when its request was sent last
 */
public record Dispatch(Attempt attempt, Instant firstAt, Instant lastAt, Duration requestClock) {
    Dispatch again(Attempt next, Instant at, Duration clock) {
        return new Dispatch(next, firstAt, at, clock);
    }

    Dispatch repeated(Duration clock) {
        return new Dispatch(attempt, firstAt, lastAt, clock);
    }
}
