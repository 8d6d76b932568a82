package io.tailrace.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The demo's assistant: {@code demo/guide.yaml}, and the documents of {@code demo/knowledge}.
 *
 * @param documents their bytes, by name, in the order of the names
 */
record DemoAssistant(String question, JsonNode definition, SortedMap<String, byte[]> documents) {
    static final String WORKSPACE = "demo";
    static final String NAME = "demo-guide";

    DemoAssistant {
        documents = Collections.unmodifiableSortedMap(new TreeMap<>(documents));
    }

    static DemoAssistant read(Path home) throws IOException {
        Path demo = home.resolve("demo");
        JsonNode file = new ObjectMapper(new YAMLFactory())
                .readTree(demo.resolve("guide.yaml").toFile());
        SortedMap<String, byte[]> documents = new TreeMap<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(demo.resolve("knowledge"), "*.md")) {
            for (Path document : files) {
                documents.put(String.valueOf(document.getFileName()), Files.readAllBytes(document));
            }
        }
        return new DemoAssistant(file.path("question").asText(), file.path("definition"), documents);
    }

    /** The names of the documents, in their order. */
    List<String> names() {
        return List.copyOf(documents.keySet());
    }

    /** The prompt in whose answer the worker is killed, as its author wrote it. */
    String interrupted() {
        return prompt(1).path("text").asText();
    }

    /** The answers that the scripts give, in the order of the prompts. */
    List<String> answers() {
        List<String> answers = new ArrayList<>();
        for (JsonNode prompt : definition.path("prompts")) {
            JsonNode script = prompt.path("script");
            JsonNode steps = script.path("steps");
            JsonNode last = steps.isArray() ? steps.path(steps.size() - 1) : script;
            answers.add(last.path("text").asText());
        }
        return answers;
    }

    private JsonNode prompt(int index) {
        return definition.path("prompts").path(index);
    }

    /** Runs it. */
    ObjectNode request() {
        ObjectNode request = JsonNodeFactory.instance.objectNode();
        request.put("workspace", WORKSPACE);
        request.put("kind", "assistant");
        request.put("assistant", NAME);
        request.putObject("inputs").put("question", question);
        return request;
    }
}
