package io.tailrace.cli.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Events of a run, one after the other. */
final class Events {
    private final List<WatchedEvent> events = new ArrayList<>();

    /** Quotes of the payload are single ones. */
    Events add(String stage, int attempt, String worker, String type, String payload) {
        int sequence = events.size() + 1;
        events.add(new WatchedEvent(
                sequence,
                type,
                "e" + sequence,
                stage,
                attempt,
                worker,
                json(payload),
                Instant.ofEpochSecond(sequence)));
        return this;
    }

    Events answer(String stage, int attempt, String worker, String... pieces) {
        for (String piece : pieces) {
            add(stage, attempt, worker, "model.delta", "{'kind':'text','text':'" + piece + "'}");
        }
        return this;
    }

    List<WatchedEvent> list() {
        return List.copyOf(events);
    }

    static JsonNode json(String singleQuoted) {
        try {
            return new ObjectMapper().readTree(singleQuoted.replace('\'', '"'));
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }
}
