package io.tailrace.cli.display;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The passages that a search found, for a person: where each is from, and its text. Pure. */
public final class HitLines {
    private HitLines() {}

    /** The lines of an answer; one that says so where nothing was found. */
    public static List<String> of(JsonNode answer) {
        List<String> lines = new ArrayList<>();
        for (JsonNode hit : answer.path("hits")) {
            if (!lines.isEmpty()) {
                lines.add("");
            }
            List<String> place = new ArrayList<>(List.of(text(hit.path("title"))));
            hit.path("headings").forEach(it -> place.add(text(it)));
            lines.add(String.format(
                    Locale.ROOT,
                    "%.2f  %s  (%s)",
                    hit.path("score").asDouble(),
                    String.join(" > ", place.stream().distinct().toList()),
                    text(hit.path("document_id"))));
            hit.path("text").asText().strip().lines().forEach(it -> lines.add("      " + TerminalText.of(it, false)));
        }
        return lines.isEmpty() ? List.of("Nothing was found.") : lines;
    }

    private static String text(JsonNode node) {
        return TerminalText.of(node.asText(), false);
    }
}
