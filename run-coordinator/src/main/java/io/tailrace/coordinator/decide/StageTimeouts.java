package io.tailrace.coordinator.decide;

import java.time.Duration;

/**
 * The times after which the decider acts on a stage, counted by the tick clock.
 *
 * @param silence of a stage's holder, before the stage is dispatched again
 * @param cancelGrace for a worker to end a stage that is to be canceled, before it is ended by force
 * @param unclaimed how long a request may stay unclaimed before it is sent once more, in case it was lost
 */
public record StageTimeouts(Duration silence, Duration cancelGrace, Duration unclaimed) {
    public static final StageTimeouts DEFAULT =
            new StageTimeouts(Duration.ofSeconds(6), Duration.ofSeconds(10), Duration.ofMinutes(5));

    /** @throws IllegalArgumentException if one of them is not positive */
    public StageTimeouts {
        if (!silence.isPositive() || !cancelGrace.isPositive() || !unclaimed.isPositive()) {
            throw new IllegalArgumentException("every timeout must be positive");
        }
    }
}
