package io.tailrace.cli.display;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.Set;

/** How much of a model's answer was given out. Not thread-safe. */
final class AnswerSoFar {
    private final StringBuilder text = new StringBuilder();
    private final Set<Integer> calls = new HashSet<>();

    /** Another answer begins. */
    void begin() {
        text.setLength(0);
        calls.clear();
    }

    void add(String delta) {
        text.append(delta);
    }

    /** The name of the tool that this delta's call is of, the first time that there is one; every delta of a call may have it. */
    String newCall(JsonNode toolCall) {
        String name = toolCall.path("name").asText();
        return !name.isEmpty() && calls.add(toolCall.path("index").asInt()) ? name : "";
    }

    /** What a whole message has beyond what came as deltas; empty if it is not the same answer. */
    String rest(JsonNode message) {
        String whole = message.path("text").asText();
        return whole.length() > text.length() && whole.startsWith(text.toString())
                ? whole.substring(text.length())
                : "";
    }
}
