package io.tailrace.cli.runs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A request for a run, from a file of YAML or JSON. Only its outline is looked at here; what it asks for is the gateway's
 * to judge.
 */
record RunFile(ObjectNode request) {

    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    static RunFile read(Path file) throws IOException {
        try {
            return parse(file.toString(), Files.readString(file));
        } catch (NoSuchFileException absent) {
            throw new IllegalArgumentException("There is no file " + file, absent);
        }
    }

    static RunFile parse(String name, String text) {
        JsonNode tree;
        try {
            tree = YAML.readTree(text);
        } catch (JsonProcessingException unreadable) {
            throw new IllegalArgumentException(
                    name + " is neither YAML nor JSON: " + unreadable.getOriginalMessage() + " (line "
                            + unreadable.getLocation().getLineNr() + ")",
                    unreadable);
        }
        ObjectNode request = YAML.createObjectNode().put("workspace", "local").put("kind", "build");
        if (tree.isArray()) {
            request.set("plan", tree);
        } else if (tree instanceof ObjectNode object) {
            request.setAll(object);
        } else {
            throw new IllegalArgumentException(name
                    + " holds neither a request nor a plan: a mapping with 'plan', or a list of steps, is expected");
        }
        return new RunFile(request);
    }

    RunFile with(String field, Optional<String> value) {
        ObjectNode copy = request.deepCopy();
        value.ifPresent(text -> copy.put(field, text));
        return new RunFile(copy);
    }
}
