package io.tailrace.builds.stage;

import java.time.Duration;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Which environments are kept.
 *
 * @param maxAge since the last use
 * @param maxSize of all of them
 */
public record EnvironmentsProperties(
        @DefaultValue("30d") Duration maxAge,
        @DefaultValue("20GB") DataSize maxSize) {

    /** Names the property that is out of its bounds. */
    public EnvironmentsProperties {
        if (!maxAge.isPositive()) {
            throw new IllegalArgumentException("tailrace.worker.environments.max-age must be positive, not " + maxAge);
        }
        if (maxSize.isNegative()) {
            throw new IllegalArgumentException(
                    "tailrace.worker.environments.max-size must not be negative, but is " + maxSize);
        }
    }
}
