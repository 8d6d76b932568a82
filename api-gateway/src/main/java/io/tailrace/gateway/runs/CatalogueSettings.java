package io.tailrace.gateway.runs;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the catalogue of runs answers.
 *
 * @param catchUpWithin how long a question about an unknown run waits for the catalogue to catch up with the log
 */
@ConfigurationProperties("tailrace.gateway.catalogue")
public record CatalogueSettings(@DefaultValue("3s") Duration catchUpWithin) {
    /** @throws IllegalArgumentException if a value is out of its bounds */
    public CatalogueSettings {
        if (!catchUpWithin.isPositive() || catchUpWithin.compareTo(Duration.ofMinutes(1)) > 0) {
            throw new IllegalArgumentException(
                    "tailrace.gateway.catalogue.catch-up-within must be above 0 and at most 1 minute");
        }
    }
}
