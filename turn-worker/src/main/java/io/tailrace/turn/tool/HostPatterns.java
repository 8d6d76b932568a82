package io.tailrace.turn.tool;

import io.tailrace.events.plan.HostPattern;
import java.util.List;
import java.util.Locale;

/** A list of hosts. Letters of either case are the same. Pure. */
final class HostPatterns {
    private final List<HostPattern> patterns;

    private HostPatterns(List<HostPattern> patterns) {
        this.patterns = List.copyOf(patterns);
    }

    /**
     * The list of these entries.
     *
     * @throws IllegalArgumentException if an entry is none; its message begins with the entry
     */
    static HostPatterns of(List<String> texts) {
        return new HostPatterns(texts.stream().map(HostPatterns::pattern).toList());
    }

    private static HostPattern pattern(String text) {
        return HostPattern.of(text.strip().toLowerCase(Locale.ROOT))
                .orElseThrow(
                        () -> new IllegalArgumentException("\"" + text + "\" is not a host, *.domain or host:port"));
    }

    /** Whether the list has a host with this port; an entry without a port takes those of http and https. */
    boolean allow(String host, int port) {
        return patterns.stream()
                .anyMatch(it -> it.has(host)
                        && (it.port().isPresent() ? it.port().getAsInt() == port : port == 80 || port == 443));
    }

    /** Whether the list has a host; an entry without a port takes every port. */
    boolean allowAnyPort(String host, int port) {
        return patterns.stream().anyMatch(it -> it.has(host) && it.port().orElse(port) == port);
    }

    /** Whether the list has a host, whatever its port. */
    boolean name(String host) {
        return patterns.stream().anyMatch(it -> it.has(host));
    }
}
