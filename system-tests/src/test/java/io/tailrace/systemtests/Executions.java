package io.tailrace.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.systemtests.EventStream.Frame;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** What tests of assistants put, and what they look at. */
final class Executions {
    static final String WORKSPACE = "?workspace=system-tests";

    /** Followed by a run's id: the contract's live stream. */
    static final String EVENTS = "/api/assistant-architect/events/";

    private Executions() {}

    static void put(Gateway gateway, String path, String type, String body) {
        HttpResponse<String> answer =
                gateway.putUntilTaken(path + WORKSPACE, type, body.getBytes(StandardCharsets.UTF_8));
        assertThat(answer.statusCode()).as(answer.body()).isIn(200, 201);
    }

    /** A prompt of a definition for the scripted provider; more can be put in. */
    static Map<String, Object> prompt(int id, String name, String text) {
        Map<String, Object> prompt = new LinkedHashMap<>();
        prompt.put("id", id);
        prompt.put("name", name);
        prompt.put("text", text);
        prompt.put("provider", "scripted");
        return prompt;
    }

    /** A call with one argument, as a script has it. */
    static Map<String, Object> call(String tool, String argument, String value) {
        return Map.of("name", tool, "arguments", Map.of(argument, value));
    }

    /** The frames as rows of the history. */
    static List<JsonNode> told(List<Frame> frames) {
        return frames.stream()
                .filter(it -> !it.event().startsWith("stream."))
                .map(it -> Gateway.JSON.<JsonNode>valueToTree(Map.of("eventType", it.event(), "eventData", it.json())))
                .toList();
    }

    /** The data of the rows of a type. */
    static List<JsonNode> data(List<JsonNode> told, String type) {
        return told.stream()
                .filter(it -> it.get("eventType").asString().equals(type))
                .map(it -> it.get("eventData"))
                .toList();
    }

    /** What the history has, without the ids of its rows. */
    static List<JsonNode> history(Gateway gateway, String run, String query) {
        HttpResponse<String> answer = gateway.get("/api/assistant-architect/executions/" + run + "/events" + query);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        JsonNode body = Gateway.JSON.readTree(answer.body());
        JsonNode rows = body.isArray() ? body : body.get("events");
        return rows.valueStream()
                .map(it -> Gateway.JSON.<JsonNode>valueToTree(
                        Map.of("eventType", it.get("eventType"), "eventData", it.get("eventData"))))
                .toList();
    }

    /** The events of a type. */
    static List<JsonNode> ofType(List<JsonNode> events, String type) {
        return events.stream()
                .filter(it -> it.get("type").asString().equals(type))
                .toList();
    }
}
