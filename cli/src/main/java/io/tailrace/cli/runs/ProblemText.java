package io.tailrace.cli.runs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/** Problem documents (RFC 9457) as one line for a person. */
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
                        + " [" + problem.path("code").asText("http_" + status) + "]";
            }
        } catch (JsonProcessingException notAProblem) {
            return "The gateway answered " + status + ", not in our format: " + shortened(body);
        }
        return "The gateway answered " + status;
    }

    private static String shortened(String body) {
        return body.length() <= 200 ? body : body.substring(0, 200) + "…";
    }
}
