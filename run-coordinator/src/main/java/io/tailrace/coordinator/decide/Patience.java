package io.tailrace.coordinator.decide;

import java.time.Duration;

/**
 * How long the decider waits, in time of the tick clock, before it does something about a stage.
 *
 * @param silence of a stage's holder, before the stage is dispatched again
 * @param cancelGrace for a worker to end a stage that is to be canceled, before it is ended by force
 * @param unclaimed how long a request may stay unclaimed before it is sent once more, in case it was lost
 */
public record Patience(Duration silence, Duration cancelGrace, Duration unclaimed) {
    public static final Patience DEFAULT =
            new Patience(Duration.ofSeconds(6), Duration.ofSeconds(10), Duration.ofMinutes(5));

    /** @throws IllegalArgumentException if one of them is not positive */
    public Patience {
        if (!silence.isPositive() || !cancelGrace.isPositive() || !unclaimed.isPositive()) {
            throw new IllegalArgumentException("every patience must be positive");
        }
    }
}
