package io.tailrace.gateway.testing;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An HTTP response as the tests look at it; header names are lower-case. */
public record Answer(int status, Map<String, List<String>> headers, String body) {
    public JsonNode json() {
        return JsonMapper.shared().readTree(body);
    }

    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name)).map(List::getFirst);
    }

    /** A text of the JSON body; empty where it is absent. */
    public String text(String field) {
        JsonNode node = json().get(field);
        return node == null || node.isNull() ? "" : node.asString();
    }
}
