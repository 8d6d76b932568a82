package io.tailrace.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.tailrace.cli.runs.GatewayClient;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What identifies an event of a run: its place in the order, who wrote it, and what it says.
 *
 * @param stage the id of its stage; empty for an event of the run itself
 * @param worker who wrote it; empty for what no worker did
 */
record WatchedEvent(
        long sequence,
        String type,
        String eventId,
        String stage,
        int attempt,
        String worker,
        JsonNode payload,
        Instant occurredAt) {

    static WatchedEvent of(JsonNode event) {
        return new WatchedEvent(
                event.path("sequence").asLong(),
                event.path("type").asText(),
                event.path("event_id").asText(),
                event.path("stage_id").asText(""),
                event.path("attempt").asInt(1),
                event.path("worker_id").asText(""),
                event.path("payload"),
                Instant.parse(event.path("occurred_at").asText()));
    }

    /** What the log has of a run, read at once. */
    static List<WatchedEvent> logged(GatewayClient client, String run) {
        List<WatchedEvent> events = new ArrayList<>();
        client.download(run, event -> events.add(of(event)));
        return events;
    }

    /** Whether it is a piece of the answer of a chat's turn. */
    boolean isAnswerText() {
        return type.equals("model.delta") && payload.path("kind").asText().equals("text");
    }
}
