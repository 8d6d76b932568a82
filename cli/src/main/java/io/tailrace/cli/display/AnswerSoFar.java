package io.tailrace.cli.display;

import com.fasterxml.jackson.databind.JsonNode;

/** How much of a model's answer was given out. Not thread-safe. */
final class AnswerSoFar {
    private final StringBuilder text = new StringBuilder();

    /** Another answer begins. */
    void begin() {
        text.setLength(0);
    }

    void add(String delta) {
        text.append(delta);
    }

    /** What a whole message has beyond what came as deltas; empty if it is not the same answer. */
    String rest(JsonNode message) {
        String whole = message.path("text").asText();
        return whole.length() > text.length() && whole.startsWith(text.toString())
                ? whole.substring(text.length())
                : "";
    }
}
