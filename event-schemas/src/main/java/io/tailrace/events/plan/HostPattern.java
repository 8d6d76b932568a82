package io.tailrace.events.plan;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Hosts that a tool may fetch from: {@code example.org} is this host, {@code *.example.org} every host below it and not
 * itself, and with {@code :8443} behind it this port alone. IPv6 addresses stand in brackets. Pure.
 *
 * @param below whether the hosts below are meant
 * @param host in lower case, at most {@value #MAX_HOST} characters
 * @param port from 1 to {@value #MAX_PORT}
 */
public record HostPattern(boolean below, String host, OptionalInt port) {
    /** Of a name in the DNS, in characters, with the {@code *.} before it. */
    public static final int MAX_HOST = 253;

    private static final int MAX_PORT = 65_535;
    private static final String LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
    private static final String NAME = LABEL + "(?:\\." + LABEL + ")*";
    private static final String IPV6 = "\\[[0-9a-f:.]{2,45}]";
    private static final Pattern PATTERN =
            Pattern.compile("(?:(\\*\\.)?(" + NAME + ")|(" + IPV6 + "))(?::([1-9][0-9]{0,4}))?");

    /** Reads it, in lower case; empty if it is none. */
    public static Optional<HostPattern> of(String text) {
        if (text.length() > MAX_HOST + 1 + Integer.toString(MAX_PORT).length()) {
            return Optional.empty();
        }
        Matcher parts = PATTERN.matcher(text);
        if (!parts.matches()) {
            return Optional.empty();
        }
        Optional<String> port = Optional.ofNullable(parts.group(4));
        int hostLength = text.length() - port.map(it -> it.length() + 1).orElse(0);
        if (hostLength > MAX_HOST
                || port.filter(it -> Integer.parseInt(it) > MAX_PORT).isPresent()) {
            return Optional.empty();
        }
        String host = Optional.ofNullable(parts.group(2)).orElseGet(() -> String.valueOf(parts.group(3)));
        return Optional.of(new HostPattern(
                parts.group(1) != null,
                host,
                port.map(it -> OptionalInt.of(Integer.parseInt(it))).orElseGet(OptionalInt::empty)));
    }

    /** Whether it is the number of a host, and not its name. */
    public boolean isIpv6() {
        return host.startsWith("[");
    }

    /** Whether a host is one of these, whatever its port. */
    public boolean has(String name) {
        return below ? name.endsWith("." + host) && name.length() > host.length() + 1 : name.equals(host);
    }
}
