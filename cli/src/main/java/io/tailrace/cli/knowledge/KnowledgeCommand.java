package io.tailrace.cli.knowledge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tailrace.cli.display.HitLines;
import io.tailrace.cli.runs.GatewayClient;
import io.tailrace.cli.runs.GatewayOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tailrace knowledge}. */
@Command(
        name = "knowledge",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "Repositories of documents that are searched: make one, add files, ask.")
public final class KnowledgeCommand {

    @Command(mixinStandardHelpOptions = true, description = "Makes a repository; one that is there stays as it is.")
    int make(
            @Mixin GatewayOption gateway,
            @Option(names = "--workspace", paramLabel = "NAME", defaultValue = "local") String workspace,
            @Option(names = "--language", paramLabel = "NAME", description = "english, german or other.")
                    Optional<String> language,
            @Option(names = "--model", paramLabel = "ID", description = "Of embeddings, if the gateway has one.")
                    Optional<String> model,
            @Parameters(paramLabel = "REPO") String repository)
            throws IOException {
        ObjectNode settings = JsonNodeFactory.instance.objectNode();
        language.ifPresent(it -> settings.put("language", it));
        model.ifPresent(it -> settings.put("model", it));
        try (GatewayClient client = gateway.client()) {
            client.makeRepository(workspace, repository, settings);
            System.out.println(repository + " is there");
            return 0;
        }
    }

    @Command(
            mixinStandardHelpOptions = true,
            description = "Adds files: text, Markdown (.md), HTML (.html) and PDF (.pdf). A file that is there as it is"
                    + " changes nothing.")
    int add(
            @Mixin GatewayOption gateway,
            @Option(names = "--workspace", paramLabel = "NAME", defaultValue = "local") String workspace,
            @Parameters(index = "0", paramLabel = "REPO") String repository,
            @Parameters(index = "1..*", paramLabel = "FILE", arity = "1..*") List<Path> files)
            throws IOException {
        List<KnowledgeFile> all = new ArrayList<>();
        for (Path file : files) {
            all.add(KnowledgeFile.of(file));
        }
        try (GatewayClient client = gateway.client()) {
            for (KnowledgeFile file : all) {
                JsonNode stored = client.storeDocument(
                        workspace, repository, file.documentId(), file.mediaType(), Files.readAllBytes(file.path()));
                System.out.println(
                        file.documentId() + "  " + stored.path("status").asText() + ", "
                                + stored.path("chunks").asInt() + " chunks");
            }
            return 0;
        }
    }

    @Command(mixinStandardHelpOptions = true, description = "Shows the passages that answer a question best.")
    int search(
            @Mixin GatewayOption gateway,
            @Option(names = "--workspace", paramLabel = "NAME", defaultValue = "local") String workspace,
            @Option(names = "--mode", paramLabel = "MODE", description = "keyword, vector or hybrid.")
                    Optional<String> mode,
            @Option(names = "--limit", paramLabel = "N", defaultValue = "5") int limit,
            @Parameters(index = "0", paramLabel = "REPO") String repository,
            @Parameters(index = "1..*", paramLabel = "QUESTION", arity = "1..*") List<String> question)
            throws IOException {
        try (GatewayClient client = gateway.client()) {
            HitLines.of(client.search(workspace, repository, String.join(" ", question), mode, limit))
                    .forEach(System.out::println);
            return 0;
        }
    }
}
