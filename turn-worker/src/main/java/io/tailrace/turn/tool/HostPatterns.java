package io.tailrace.turn.tool;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A list of hosts: {@code example.org} is this host, {@code *.example.org} every host below it and not itself, and with
 * {@code :8443} behind it this port alone. IPv6 addresses stand in brackets. Letters of either case are the same. Pure.
 */
final class HostPatterns {
    private static final Pattern ENTRY = Pattern.compile(
            "(\\*\\.)?([a-z0-9](?:[a-z0-9._-]{0,251}[a-z0-9])?|\\[[0-9a-f:.]{2,45}])(?::([0-9]{1,5}))?");
    private static final int MAX_PORT = 65_535;

    private final List<Entry> entries;

    private record Entry(boolean below, String host, Optional<Integer> port) {
        boolean has(String name) {
            return below ? name.endsWith("." + host) && name.length() > host.length() + 1 : name.equals(host);
        }
    }

    private HostPatterns(List<Entry> entries) {
        this.entries = List.copyOf(entries);
    }

    /**
     * The list of these entries.
     *
     * @throws IllegalArgumentException if an entry is none; its message begins with the entry
     */
    static HostPatterns of(List<String> texts) {
        return new HostPatterns(texts.stream().map(HostPatterns::entry).toList());
    }

    private static Entry entry(String text) {
        Matcher parts = ENTRY.matcher(text.strip().toLowerCase(Locale.ROOT));
        if (!parts.matches()) {
            throw new IllegalArgumentException("\"" + text + "\" is not a host, *.domain or host:port");
        }
        Optional<Integer> port = Optional.ofNullable(parts.group(3)).map(Integer::valueOf);
        if (port.filter(it -> it < 1 || it > MAX_PORT).isPresent()) {
            throw new IllegalArgumentException("\"" + text + "\" has a port that is not from 1 to " + MAX_PORT);
        }
        return new Entry(parts.group(1) != null, String.valueOf(parts.group(2)), port);
    }

    /** Whether the list has a host with this port; an entry without a port takes those of http and https. */
    boolean allow(String host, int port) {
        return entries.stream()
                .anyMatch(
                        it -> it.has(host) && it.port().map(own -> own == port).orElse(port == 80 || port == 443));
    }

    /** Whether the list has a host; an entry without a port takes every port. */
    boolean allowAnyPort(String host, int port) {
        return entries.stream()
                .anyMatch(
                        it -> it.has(host) && it.port().map(own -> own == port).orElse(true));
    }

    /** Whether the list has a host, whatever its port. */
    boolean name(String host) {
        return entries.stream().anyMatch(it -> it.has(host));
    }
}
