package io.tailrace.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;

/** What identifies an event of a run: its place in the order, and what it says. */
record WatchedEvent(long sequence, String type, String eventId, JsonNode payload, Instant occurredAt) {

    static WatchedEvent of(JsonNode event) {
        return new WatchedEvent(
                event.path("sequence").asLong(),
                event.path("type").asText(),
                event.path("event_id").asText(),
                event.path("payload"),
                Instant.parse(event.path("occurred_at").asText()));
    }
}
