package io.tailrace.cli.assistants;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.tailrace.cli.display.AssistantLines;
import io.tailrace.cli.runs.GatewayClient;
import io.tailrace.cli.runs.GatewayOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tailrace assistants}. */
@Command(
        name = "assistants",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "Chains of prompts with variables: store one, check it. 'tailrace ask' runs one.")
public final class AssistantsCommand {
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final ObjectMapper JSON = new ObjectMapper();

    @Command(mixinStandardHelpOptions = true, description = "Lists the assistants of a workspace.")
    int list(
            @Mixin GatewayOption gateway,
            @Option(names = "--workspace", paramLabel = "NAME", defaultValue = "local") String workspace)
            throws IOException {
        try (GatewayClient client = gateway.client()) {
            AssistantLines.list(client.assistants(workspace)).forEach(System.out::println);
            return 0;
        }
    }

    @Command(mixinStandardHelpOptions = true, description = "Shows a definition, as JSON that can be stored again.")
    int show(
            @Mixin GatewayOption gateway,
            @Option(names = "--workspace", paramLabel = "NAME", defaultValue = "local") String workspace,
            @Parameters(paramLabel = "NAME[@VERSION]") String name)
            throws IOException {
        try (GatewayClient client = gateway.client()) {
            JsonNode definition = client.assistant(workspace, name).path("definition");
            System.out.println(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(definition));
            return 0;
        }
    }

    @Command(
            mixinStandardHelpOptions = true,
            description = "Stores a definition of a YAML or JSON file as the newest version, named as the file is.")
    int put(
            @Mixin GatewayOption gateway,
            @Option(names = "--workspace", paramLabel = "NAME", defaultValue = "local") String workspace,
            @Option(names = "--name", paramLabel = "NAME", description = "Another name than the file's.")
                    Optional<String> name,
            @Parameters(paramLabel = "FILE") Path file)
            throws IOException {
        JsonNode definition = read(file);
        try (GatewayClient client = gateway.client()) {
            JsonNode stored = client.putAssistant(workspace, name.orElseGet(() -> nameOf(file)), definition);
            System.out.println(
                    stored.path("name").asText() + "@" + stored.path("version").asInt());
            AssistantLines.findings(stored).forEach(System.err::println);
            return 0;
        }
    }

    private static JsonNode read(Path file) throws IOException {
        try {
            return YAML.readTree(Files.readString(file));
        } catch (NoSuchFileException absent) {
            throw new IllegalArgumentException("There is no file " + file, absent);
        } catch (JsonProcessingException unreadable) {
            throw new IllegalArgumentException(
                    file + " is neither YAML nor JSON: " + unreadable.getOriginalMessage(), unreadable);
        }
    }

    private static String nameOf(Path file) {
        String name = String.valueOf(file.getFileName());
        int dot = name.lastIndexOf('.');
        return dot > 0 ? name.substring(0, dot) : name;
    }

    @Command(mixinStandardHelpOptions = true, description = "Deletes an assistant in all its versions.")
    int delete(
            @Mixin GatewayOption gateway,
            @Option(names = "--workspace", paramLabel = "NAME", defaultValue = "local") String workspace,
            @Parameters(paramLabel = "NAME") String name)
            throws IOException {
        try (GatewayClient client = gateway.client()) {
            client.deleteAssistant(workspace, name);
            System.out.println(name + " is gone");
            return 0;
        }
    }

    @Command(
            mixinStandardHelpOptions = true,
            description = "Shows what a run would ask; asks no model. Exit code 0 when it could run so, 1 when not.")
    int check(
            @Mixin GatewayOption gateway,
            @Option(names = "--workspace", paramLabel = "NAME", defaultValue = "local") String workspace,
            @Option(names = "--input", paramLabel = "NAME=VALUE", description = "May be given several times.")
                    Map<String, String> inputs,
            @Parameters(paramLabel = "NAME[@VERSION]") String name)
            throws IOException {
        try (GatewayClient client = gateway.client()) {
            JsonNode definition = client.assistant(workspace, name).path("definition");
            Map<String, String> given = Optional.ofNullable(inputs).orElse(Map.of());
            JsonNode checked = client.checkAssistant(workspace, name, InputValues.of(definition, given));
            AssistantLines.prompts(checked).forEach(System.out::println);
            AssistantLines.findings(checked).forEach(System.err::println);
            return checked.path("valid").asBoolean() ? 0 : 1;
        }
    }
}
