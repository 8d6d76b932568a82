package io.tailrace.cli.display;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** The providers that a gateway lists, as a table for a person: one line each. Pure. */
public final class ProvidersTable {
    private static final int GAP = 2;

    private ProvidersTable() {}

    /** The lines of it; one that says what to do where there are none. */
    public static List<String> of(JsonNode answer) {
        if (answer.path("providers").isEmpty()) {
            return List.of(
                    "No turn-worker has said yet which providers it has. 'tailrace status' shows whether one runs.");
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("PROVIDER", "MODELS", "AVAILABLE"));
        for (JsonNode provider : answer.path("providers")) {
            rows.add(List.of(text(provider.path("id")), models(provider), available(provider)));
        }
        List<String> lines = new ArrayList<>(aligned(rows));
        lines.add("* answers turns that name no model. Recorded " + text(answer.path("recorded_at")) + " by "
                + text(answer.path("recorded_by")) + ".");
        return lines;
    }

    private static String models(JsonNode provider) {
        List<String> names = new ArrayList<>();
        String usual = text(provider.path("default_model"));
        for (JsonNode model : provider.path("models")) {
            String name = text(model.path("id"));
            names.add(name.equals(usual) ? name + "*" : name);
        }
        return String.join(", ", names);
    }

    private static String available(JsonNode provider) {
        List<String> missing = new ArrayList<>();
        for (JsonNode variable : provider.path("missing")) {
            missing.add(text(variable));
        }
        return provider.path("available").asBoolean()
                ? "yes"
                : "no: " + String.join(", ", missing) + (missing.size() > 1 ? " are not set" : " is not set");
    }

    private static List<String> aligned(List<List<String>> rows) {
        List<String> lines = new ArrayList<>();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < row.size(); column++) {
                line.append(row.get(column));
                if (column < row.size() - 1) {
                    line.repeat(' ', width(rows, column) + GAP - row.get(column).length());
                }
            }
            lines.add(line.toString());
        }
        return lines;
    }

    private static int width(List<List<String>> rows, int column) {
        return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
    }

    private static String text(JsonNode node) {
        return TerminalText.of(node.asText(""), false);
    }
}
