package io.tailrace.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** The demo's request: {@code demo/build.yaml} with the places of this machine filled in. */
final class DemoBuild {

    private DemoBuild() {}

    static JsonNode request(Path home, Path jdk) throws IOException {
        Path folder = home.resolve("demo");
        JsonNode template = new ObjectMapper(new YAMLFactory())
                .readTree(folder.resolve("build.yaml").toFile());
        return filled(template, Map.of("${demo}", folder.toString(), "${jdk}", jdk.toString()));
    }

    /** Replaced in the parsed tree: a path with whatever characters stays one text. */
    static JsonNode filled(JsonNode node, Map<String, String> places) {
        if (node.isTextual()) {
            String text = node.asText();
            for (Map.Entry<String, String> place : places.entrySet()) {
                text = text.replace(place.getKey(), place.getValue());
            }
            return TextNode.valueOf(text);
        }
        if (node instanceof ObjectNode object) {
            ObjectNode copy = object.objectNode();
            object.properties().forEach(field -> copy.set(field.getKey(), filled(field.getValue(), places)));
            return copy;
        }
        if (node instanceof ArrayNode array) {
            ArrayNode copy = array.arrayNode();
            array.forEach(element -> copy.add(filled(element, places)));
            return copy;
        }
        return node;
    }
}
