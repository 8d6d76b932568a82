package io.tailrace.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** A chat as a program would hold it. */
final class Chat {
    final String run;
    private final Gateway gateway;

    private Chat(Gateway gateway, String run) {
        this.gateway = gateway;
        this.run = run;
    }

    /** A new chat with the scripted provider. */
    static Chat create(Gateway gateway, String policy) {
        return create(gateway, Map.of("provider", "scripted", "policy", policy));
    }

    static Chat create(Gateway gateway, Map<String, ?> chat) {
        return new Chat(gateway, gateway.create(Map.of("workspace", "chats", "kind", "chat", "chat", chat)));
    }

    /** A chat that is there already. */
    static Chat of(Gateway gateway, String run) {
        return new Chat(gateway, run);
    }

    /** The same chat by another gateway. */
    Chat through(Gateway other) {
        return new Chat(other, run);
    }

    /** Submits a turn, which is accepted, and returns its id. */
    String submit(String text, Map<String, ?> script) {
        HttpResponse<String> answer = trySubmit(text, script);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return Gateway.JSON.readTree(answer.body()).get("turn_id").asString();
    }

    /** Submits a turn without a script, which is accepted, and returns its id. */
    String submit(String text) {
        HttpResponse<String> answer = trySubmit(text, Map.of());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return Gateway.JSON.readTree(answer.body()).get("turn_id").asString();
    }

    /** Submits a turn to a model, which is accepted, and returns its id. */
    String submit(String text, String provider, String model) {
        HttpResponse<String> answer = post(Map.of("text", text, "provider", provider, "model", model));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return Gateway.JSON.readTree(answer.body()).get("turn_id").asString();
    }

    HttpResponse<String> trySubmit(String text, Map<String, ?> script) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("text", text);
        if (!script.isEmpty()) {
            body.put("script", script);
        }
        return post(body);
    }

    private HttpResponse<String> post(Map<String, ?> body) {
        return gateway.post("/v1/runs/" + run + "/turns", Gateway.JSON.writeValueAsString(body));
    }

    HttpResponse<String> cancel(String turn) {
        return gateway.post("/v1/runs/" + run + "/turns/" + turn + "/cancel", "");
    }

    HttpResponse<String> retry(String turn) {
        return gateway.post("/v1/runs/" + run + "/turns/" + turn + "/retry", "");
    }

    HttpResponse<String> close() {
        return gateway.post("/v1/runs/" + run + "/close", "");
    }

    /** The turn as the conversation has it. */
    JsonNode turn(String turn) {
        for (JsonNode it : messages().get("turns")) {
            if (it.get("turn_id").asString().equals(turn)) {
                return it;
            }
        }
        throw new AssertionError("no turn " + turn);
    }

    JsonNode messages() {
        return read("/messages");
    }

    JsonNode checkpoint() {
        return read("/checkpoint");
    }

    private JsonNode read(String what) {
        HttpResponse<String> answer = gateway.get("/v1/runs/" + run + what);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return Gateway.JSON.readTree(answer.body());
    }

    EventStream stream() {
        return gateway.stream(run);
    }

    List<JsonNode> events() {
        return gateway.events(run);
    }

    /** What a script of so many words says, one every so many milliseconds. */
    static Map<String, ?> words(int count, int paceMillis) {
        List<String> chunks = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            chunks.add("w" + i + " ");
        }
        return Map.of("text", chunks, "pace_ms", paceMillis);
    }

    static String text(int count) {
        StringBuilder text = new StringBuilder();
        for (int i = 1; i <= count; i++) {
            text.append("w").append(i).append(' ');
        }
        return text.toString();
    }

    /** The answers by stage that a client shows: deltas, what was superseded dropped. */
    static Map<String, String> folded(List<JsonNode> events) {
        Map<String, StringBuilder> answers = new LinkedHashMap<>();
        for (JsonNode event : events) {
            String stage = event.path("stage_id").asString("");
            switch (event.get("type").asString()) {
                case "attempt.started" -> answers.put(stage, new StringBuilder());
                case "model.delta" -> {
                    if (event.at("/payload/kind").asString().equals("text")) {
                        answers.computeIfAbsent(stage, _ -> new StringBuilder())
                                .append(event.at("/payload/text").asString());
                    }
                }
                default -> {}
            }
        }
        Map<String, String> texts = new LinkedHashMap<>();
        answers.forEach((stage, text) -> texts.put(stage, text.toString()));
        return texts;
    }
}
