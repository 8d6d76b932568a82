package io.tailrace.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * What the demo's chat says: {@code demo/chat.yaml}.
 *
 * @param request creates the chat
 * @param first the turn whose watcher loses its connection
 * @param second the turn whose worker is killed
 */
record DemoChat(JsonNode request, Turn first, Turn second) {

    /** A question, and the script of its answer. */
    record Turn(String question, JsonNode script) {

        /** The whole answer. */
        String answer() {
            return script.path("text").asText();
        }

        JsonNode request() {
            return JsonNodeFactory.instance.objectNode().put("text", question).set("script", script);
        }
    }

    static DemoChat read(Path home) throws IOException {
        Path file = home.resolve("demo").resolve("chat.yaml");
        JsonNode chat = new ObjectMapper(new YAMLFactory()).readTree(file.toFile());
        return new DemoChat(chat.path("request"), turn(chat, 0), turn(chat, 1));
    }

    private static Turn turn(JsonNode chat, int index) {
        JsonNode turn = chat.path("turns").path(index);
        return new Turn(turn.path("text").asText(), turn.path("script"));
    }

    List<Turn> turns() {
        return List.of(first, second);
    }
}
