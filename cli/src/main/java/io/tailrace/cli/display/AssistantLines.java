package io.tailrace.cli.display;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Assistants for a person, in lines. Pure. */
public final class AssistantLines {
    private AssistantLines() {}

    /** A line for each assistant. */
    public static List<String> list(JsonNode answer) {
        List<String> lines = new ArrayList<>();
        for (JsonNode assistant : answer.path("assistants")) {
            String title = text(assistant.path("title"));
            lines.add(text(assistant.path("name")) + "@"
                    + assistant.path("version").asInt() + "  "
                    + assistant.path("prompts").asInt() + " prompts" + (title.isEmpty() ? "" : "  " + title));
        }
        return lines.isEmpty() ? List.of("There are no assistants here.") : lines;
    }

    /** What was found about a definition or its inputs. */
    public static List<String> findings(JsonNode answer) {
        List<String> lines = new ArrayList<>();
        for (String kind : List.of("error", "warning")) {
            for (JsonNode finding : answer.path(kind + "s")) {
                String path = text(finding.path("path"));
                lines.add(kind + ": " + (path.isEmpty() ? "" : path + ": ") + text(finding.path("detail")));
            }
        }
        for (JsonNode input : answer.path("missing_inputs")) {
            lines.add("missing: the input " + text(input));
        }
        return lines;
    }

    /** What a run would ask. */
    public static List<String> prompts(JsonNode answer) {
        List<String> lines = new ArrayList<>();
        for (JsonNode prompt : answer.path("prompts")) {
            lines.add("— " + text(prompt.path("name")) + ", about "
                    + prompt.path("estimated_tokens").asInt() + " tokens");
            if (prompt.has("system")) {
                lines.add("system: " + text(prompt.path("system")));
            }
            lines.add(text(prompt.path("text")));
            for (JsonNode tool : prompt.path("tools")) {
                lines.add("tool: " + text(tool.path("name")) + ", " + text(tool.path("type")) + " of "
                        + String.join(", ", reach(tool)) + (tool.has("approval") ? ", asks before each call" : ""));
            }
            if (prompt.has("cache")) {
                lines.add("cache: "
                        + Durations.text(Duration.ofMillis(
                                prompt.path("cache").path("ttl_ms").asLong())));
            }
        }
        return lines;
    }

    /** The outputs of a run, by name. One alone needs no heading. */
    public static List<String> outputs(Map<String, String> outputs) {
        List<String> lines = new ArrayList<>();
        outputs.forEach((name, text) -> {
            if (outputs.size() > 1) {
                lines.add("— " + TerminalText.of(name, false));
            }
            lines.add(TerminalText.of(text, false));
        });
        return lines;
    }

    /** The hosts, repositories or server that a tool asks, or what it builds. */
    private static List<String> reach(JsonNode tool) {
        List<String> reach = new ArrayList<>();
        tool.path("hosts").forEach(it -> reach.add(text(it)));
        tool.path("repositories").forEach(it -> reach.add(text(it.path("repository"))));
        if (tool.has("server")) {
            reach.add(text(tool.path("server")) + "/" + text(tool.path("tool")));
        }
        if (tool.has("recipe")) {
            reach.add(tool.has("definition") ? text(tool.path("definition")) : "its own phases");
        }
        return reach;
    }

    private static String text(JsonNode node) {
        return node.isNull() ? "" : TerminalText.of(node.asText(), false);
    }
}
