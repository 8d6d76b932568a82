package io.tailrace.cli.runs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tailrace.cli.display.Shortened;

/** Problem documents (RFC 9457) for a person: one line, and one for each of several errors. */
final class ProblemText {

    private static final ObjectMapper JSON = new ObjectMapper();

    private ProblemText() {}

    static String of(int status, String body) {
        try {
            JsonNode problem = JSON.readTree(body);
            if (problem != null && problem.has("detail")) {
                String field = problem.path("field").asText("");
                return problem.path("detail").asText()
                        + (field.isEmpty() ? "" : " (at " + field + ")")
                        + " [" + problem.path("code").asText("http_" + status) + "]" + all(problem.path("errors"));
            }
        } catch (JsonProcessingException notAProblem) {
            return "The gateway answered " + status + ", not in our format: " + Shortened.of(body, 200);
        }
        return "The gateway answered " + status;
    }

    /** Each of several errors, in a line of its own. */
    private static String all(JsonNode errors) {
        StringBuilder lines = new StringBuilder();
        if (errors.size() > 1) {
            for (JsonNode error : errors) {
                lines.append("\n  ")
                        .append(error.path("path").asText())
                        .append(": ")
                        .append(error.path("detail").asText());
            }
        }
        return lines.toString();
    }
}
