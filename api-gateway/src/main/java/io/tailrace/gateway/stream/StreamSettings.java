package io.tailrace.gateway.stream;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How streams behave.
 *
 * @param heartbeat after so much silence a comment is sent
 * @param maxAge a stream older than this, give or take a fifth, is ended and its client continues from its cursor
 * @param retry how long clients wait before they connect again
 * @param maxConnections streams at the same time; the clients of more are told to come again
 * @param sendBuffer what the kernel may hold of a connection that its client does not read (it takes twice as much)
 */
@ConfigurationProperties("tailrace.gateway.stream")
public record StreamSettings(
        @DefaultValue("4s") Duration heartbeat,
        @DefaultValue("30m") Duration maxAge,
        @DefaultValue("1s") Duration retry,
        @DefaultValue("10000") int maxConnections,
        @DefaultValue("256KB") DataSize sendBuffer) {
    /** @throws IllegalArgumentException if a value is out of its bounds */
    public StreamSettings {
        bounded("heartbeat", heartbeat, Duration.ofMillis(100), Duration.ofMinutes(5));
        bounded("max-age", maxAge, Duration.ofSeconds(1), Duration.ofDays(1));
        bounded("retry", retry, Duration.ofMillis(10), Duration.ofMinutes(1));
        if (maxConnections < 1 || maxConnections > 1_000_000) {
            throw new IllegalArgumentException("tailrace.gateway.stream.max-connections must be from 1 to 1000000");
        }
        if (sendBuffer.toBytes() < 16 * 1024
                || sendBuffer.toBytes() > DataSize.ofMegabytes(64).toBytes()) {
            throw new IllegalArgumentException("tailrace.gateway.stream.send-buffer must be from 16KB to 64MB");
        }
    }

    private static void bounded(String name, Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(
                    "tailrace.gateway.stream." + name + " must be from " + least + " to " + most);
        }
    }
}
