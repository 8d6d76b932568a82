package io.tailrace.cli.display;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;

/** Calls of tools for a person, a line each. Pure. */
final class ToolLines {
    /** Of a call's arguments, in characters. */
    private static final int MOST = 160;

    private ToolLines() {}

    /** A call is executed now. */
    static String started(JsonNode payload, boolean colours) {
        String arguments = Shortened.of(safe(payload.path("arguments").asText()), MOST);
        return Style.DIM.on("→ " + tool(payload) + (arguments.isEmpty() ? "" : " " + arguments), colours);
    }

    /** A call has ended. */
    static String completed(JsonNode payload, boolean colours) {
        String outcome = safe(payload.path("outcome").asText());
        boolean well = outcome.equals("succeeded");
        String how = outcome.equals("unknown") ? "has an unknown outcome" : outcome;
        String code =
                payload.hasNonNull("code") ? " [" + safe(payload.path("code").asText()) + "]" : "";
        String again = payload.path("repeated").asBoolean() ? ", as an attempt before had it" : "";
        String took =
                Durations.text(Duration.ofMillis(payload.path("duration_ms").asLong()));
        String line = "← " + tool(payload) + " " + how + code;
        return (well ? Style.DIM : Style.YELLOW).on(line, colours) + Style.DIM.on("  " + took + again, colours);
    }

    /** An answer is taken that is there already. */
    static String reused(JsonNode payload, boolean colours) {
        boolean cached = payload.path("answer").path("reason").asText().equals("cache");
        return Style.DIM.on(
                cached
                        ? "· no model is asked: the cache has an answer to the same question"
                        : "· no model is asked: the answer is there already",
                colours);
    }

    private static String tool(JsonNode payload) {
        return shortened(safe(payload.path("call").path("tool").asText()));
    }

    /** What a model wrote, short enough for a line. */
    static String shortened(String text) {
        return Shortened.of(text, MOST);
    }

    /** Line ends become spaces: no part of what a model wrote hides another one. */
    static String safe(String text) {
        return TerminalText.of(text.replace('\r', ' ').replace('\n', ' '), false);
    }
}
