package io.tailrace.gateway.api;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The bounds of requests.
 *
 * @param maxBody the largest body that is read; the default has room for the longest message with each of its characters
 *     escaped, as many clients escape all that is not ASCII
 */
@ConfigurationProperties("tailrace.gateway.api")
public record ApiSettings(@DefaultValue("512KB") DataSize maxBody) {
    /** @throws IllegalArgumentException if a value is out of its bounds */
    public ApiSettings {
        if (maxBody.toBytes() < 1024
                || maxBody.toBytes() > DataSize.ofKilobytes(768).toBytes()) {
            // Above it a command could exceed what the brokers take in one record (1 MB by default).
            throw new IllegalArgumentException("tailrace.gateway.api.max-body must be from 1KB to 768KB");
        }
    }

    public int maxBodyBytes() {
        return Math.toIntExact(maxBody.toBytes());
    }
}
