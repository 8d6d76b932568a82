package io.tailrace.turn.provider;

import java.time.Duration;

/**
 * How long a provider may take.
 *
 * @param firstByte from the start of the call to the first sign of an answer
 * @param betweenBytes between two signs of life after that
 * @param total of the whole call
 */
public record CallTimeouts(Duration firstByte, Duration betweenBytes, Duration total) {

    private static final CallTimeouts DEFAULTS =
            new CallTimeouts(Duration.ofMinutes(2), Duration.ofMinutes(2), Duration.ofMinutes(15));

    public CallTimeouts {
        if (firstByte.toMillis() < 1 || betweenBytes.toMillis() < 1 || total.toMillis() < 1) {
            throw new IllegalArgumentException("a time-out must be at least 1 ms");
        }
    }

    /** Long enough for models that think before they answer: 2 minutes of silence, 15 minutes in all. */
    public static CallTimeouts defaults() {
        return DEFAULTS;
    }
}
