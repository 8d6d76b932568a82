package io.tailrace.gateway.command;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How long a client waits for its command.
 *
 * @param sendWithin until the log has confirmed it; after that 503
 * @param decideWithin after that, until the decision was read back; after that 202
 */
@ConfigurationProperties("tailrace.gateway.commands")
public record CommandSettings(
        @DefaultValue("4s") Duration sendWithin,
        @DefaultValue("5s") Duration decideWithin) {
    /** @throws IllegalArgumentException if a value is out of its bounds */
    public CommandSettings {
        bounded("send-within", sendWithin);
        bounded("decide-within", decideWithin);
    }

    private static void bounded(String name, Duration value) {
        if (value.compareTo(Duration.ofMillis(10)) < 0 || value.compareTo(Duration.ofMinutes(1)) > 0) {
            throw new IllegalArgumentException("tailrace.gateway.commands." + name + " must be from 10 ms to 1 minute");
        }
    }
}
