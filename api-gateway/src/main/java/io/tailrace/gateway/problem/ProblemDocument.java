package io.tailrace.gateway.problem;

import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** The body of a problem document. */
final class ProblemDocument {
    static final String MEDIA_TYPE = "application/problem+json";
    private static final JsonMapper JSON = JsonMapper.shared();

    private ProblemDocument() {}

    static byte[] of(RunProblem problem) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("type", "urn:tailrace:problem:" + problem.code());
        members.put("title", problem.title());
        members.put("status", problem.status());
        members.put("detail", problem.detail());
        members.put("code", problem.code());
        problem.field().ifPresent(it -> members.put("field", it));
        problem.turn().ifPresent(it -> members.put("turn_id", it));
        if (!problem.errors().isEmpty()) {
            members.put("errors", problem.errors());
        }
        return JSON.writeValueAsBytes(members);
    }
}
