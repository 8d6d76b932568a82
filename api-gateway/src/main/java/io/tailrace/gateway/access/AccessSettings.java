package io.tailrace.gateway.access;

import java.net.URI;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * From where the API can be used.
 *
 * @param allowRemote whether the server may listen on more than the loopback interface; there is no authentication yet
 * @param corsOrigins the origins whose web pages may use the API, such as {@code https://ci.example.org}; {@code *} for
 *     any
 * @param allowedHosts names that requests may call the server by, beside those of the loopback interface; empty for
 *     just those, or for any name if remote access is allowed
 */
@ConfigurationProperties("tailrace.gateway")
public record AccessSettings(
        @DefaultValue("false") boolean allowRemote,
        @DefaultValue List<String> corsOrigins,
        @DefaultValue List<String> allowedHosts) {
    /** @throws IllegalArgumentException if a value is malformed */
    public AccessSettings {
        corsOrigins = List.copyOf(corsOrigins);
        allowedHosts = List.copyOf(allowedHosts);
        corsOrigins.forEach(AccessSettings::checkOrigin);
        for (String host : allowedHosts) {
            if (host.isBlank() || host.contains("/") || host.contains(":") || host.contains("*")) {
                throw new IllegalArgumentException(
                        "tailrace.gateway.allowed-hosts must have plain host names, not '" + host + "'");
            }
        }
    }

    private static void checkOrigin(String origin) {
        if (origin.equals("*")) {
            return;
        }
        boolean legal;
        try {
            URI uri = URI.create(origin);
            legal = uri.getScheme() != null
                    && uri.getHost() != null
                    && uri.getRawPath().isEmpty()
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null
                    && uri.getRawUserInfo() == null;
        } catch (IllegalArgumentException e) {
            legal = false;
        }
        if (!legal) {
            throw new IllegalArgumentException("tailrace.gateway.cors-origins must have origins as in"
                    + " https://ci.example.org:8443 (no path, no slash at the end), not '" + origin + "'");
        }
    }
}
