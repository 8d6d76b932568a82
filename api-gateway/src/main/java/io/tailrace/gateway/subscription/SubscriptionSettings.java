package io.tailrace.gateway.subscription;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What subscriptions may take of a gateway.
 *
 * @param maxRuns how many runs all subscriptions together may have; each takes about 40 bytes in each gateway
 */
@ConfigurationProperties("tailrace.gateway.subscriptions")
public record SubscriptionSettings(@DefaultValue("200000") int maxRuns) {
    private static final int MOST = 10_000_000;

    /** @throws IllegalArgumentException if the value is out of its bounds */
    public SubscriptionSettings {
        if (maxRuns < 1 || maxRuns > MOST) {
            throw new IllegalArgumentException("tailrace.gateway.subscriptions.max-runs must be from 1 to " + MOST);
        }
    }
}
