package io.tailrace.gateway.decision;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How a gateway tells whether commands are decided.
 *
 * @param coordinatorGroup the coordinator's consumer group, as its {@code tailrace.coordinator.application-id} says
 * @param stalledAfter how long commands of a partition wait, with none being decided, until nobody seems to decide
 */
@ConfigurationProperties("tailrace.gateway.decisions")
public record DecisionSettings(
        @DefaultValue("tailrace-coordinator") String coordinatorGroup,
        @DefaultValue("5s") Duration stalledAfter) {
    /** @throws IllegalArgumentException if a value is out of its bounds */
    public DecisionSettings {
        if (!coordinatorGroup.matches("[A-Za-z0-9._-]{1,100}")) {
            throw new IllegalArgumentException(
                    "tailrace.gateway.decisions.coordinator-group must be 1 to 100 letters, digits, '.', '_' and '-'");
        }
        if (stalledAfter.compareTo(Duration.ofMillis(100)) < 0 || stalledAfter.compareTo(Duration.ofMinutes(5)) > 0) {
            throw new IllegalArgumentException(
                    "tailrace.gateway.decisions.stalled-after must be from 100 ms to 5 minutes");
        }
    }
}
