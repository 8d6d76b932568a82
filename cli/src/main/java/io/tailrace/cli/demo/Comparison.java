package io.tailrace.cli.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a watcher got, beside what the log has. */
record Comparison(List<WatchedEvent> watched, List<WatchedEvent> logged) {

    Comparison {
        watched = List.copyOf(watched);
        logged = List.copyOf(logged);
    }

    /** What differs, for a person; empty when the watcher got every event of the log once, in order. */
    Optional<String> difference() {
        for (int i = 0; i < Math.min(watched.size(), logged.size()); i++) {
            WatchedEvent got = watched.get(i);
            WatchedEvent expected = logged.get(i);
            if (got.sequence() != i + 1) {
                return Optional.of("event " + (i + 1) + " of the stream has the number " + got.sequence());
            }
            List<String> parts = differingParts(got, expected);
            if (!parts.isEmpty()) {
                return Optional.of("event " + (i + 1) + " differs in its " + String.join(", ", parts) + ": " + got
                        + " and " + expected);
            }
        }
        return watched.size() == logged.size()
                ? Optional.empty()
                : Optional.of("the stream had " + watched.size() + " events, the log has " + logged.size());
    }

    private static List<String> differingParts(WatchedEvent got, WatchedEvent expected) {
        List<String> parts = new ArrayList<>();
        if (got.sequence() != expected.sequence()) {
            parts.add("sequence");
        }
        if (!got.type().equals(expected.type())) {
            parts.add("type");
        }
        if (!got.eventId().equals(expected.eventId())) {
            parts.add("event_id");
        }
        if (!got.payload().equals(expected.payload())) {
            parts.add("payload");
        }
        return parts;
    }
}
