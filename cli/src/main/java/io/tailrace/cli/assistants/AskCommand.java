package io.tailrace.cli.assistants;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tailrace.cli.display.ApprovalLines;
import io.tailrace.cli.display.AssistantLines;
import io.tailrace.cli.display.RunPrinter;
import io.tailrace.cli.display.Terminal;
import io.tailrace.cli.runs.ApprovalPrompt;
import io.tailrace.cli.runs.GatewayClient;
import io.tailrace.cli.runs.GatewayOption;
import io.tailrace.cli.runs.Watch;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tailrace ask NAME}. */
@Command(
        name = "ask",
        mixinStandardHelpOptions = true,
        description =
                "Runs an assistant, shows the run, and then its outputs. Exit code 0 when it succeeded, 1 when not.")
public final class AskCommand implements Callable<Integer> {

    @Mixin
    private GatewayOption gateway = new GatewayOption();

    @Parameters(paramLabel = "NAME[@VERSION]", description = "The assistant.")
    private String name = "";

    @Option(names = "--input", paramLabel = "NAME=VALUE", description = "May be given several times.")
    private Map<String, String> inputs = new LinkedHashMap<>();

    @Option(names = "--workspace", paramLabel = "NAME", description = "Whose assistant (default: local).")
    private String workspace = "local";

    @Option(
            names = "--json",
            description =
                    "Print one object with the run and its outputs, and nothing else; what waits for approval is said on stderr.")
    private boolean json;

    @Override
    public Integer call() throws IOException, InterruptedException {
        try (GatewayClient client = gateway.client()) {
            JsonNode assistant = client.assistant(workspace, name);
            String run = client.create(request(assistant), Optional.empty());
            PrintStream shown =
                    json ? new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8) : System.out;
            int exit = new Watch(client, new RunPrinter(Terminal.colours()), shown, System.err, approvals(client, run))
                    .follow(run, Optional.empty());
            JsonNode view = client.run(run);
            Map<String, String> outputs = outputs(view, answers(client, run));
            if (json) {
                System.out.println(object(view, outputs));
            } else {
                AssistantLines.outputs(outputs).forEach(System.out::println);
            }
            return exit;
        }
    }

    /** Who is asked whether tools may be called: the person at the terminal, where there is one. */
    private Consumer<JsonNode> approvals(GatewayClient client, String run) {
        if (json) {
            return AskCommand::sayWhatWaits;
        }
        if (!Terminal.isThere()) {
            return _ -> {};
        }
        ApprovalPrompt prompt = new ApprovalPrompt(
                client,
                run,
                new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset())),
                System.out);
        prompt.start();
        return prompt::event;
    }

    /** To people: the output is for programs. */
    private static void sayWhatWaits(JsonNode event) {
        if (event.path("type").asText().equals("tool.approval.requested")) {
            ApprovalLines.requested(event, false).forEach(System.err::println);
        }
    }

    /** The version that the inputs were read for, whatever is stored meanwhile. */
    private ObjectNode request(JsonNode assistant) {
        ObjectNode request = JsonNodeFactory.instance.objectNode();
        request.put("workspace", workspace);
        request.put("kind", "assistant");
        request.put(
                "assistant",
                assistant.path("name").asText() + "@"
                        + assistant.path("version").asInt());
        request.set("inputs", InputValues.of(assistant.path("definition"), inputs));
        return request;
    }

    /** The text of each stage that has answered. */
    private static Map<String, String> answers(GatewayClient client, String run) {
        Map<String, String> answers = new HashMap<>();
        client.download(run, event -> {
            if (event.path("type").asText().equals("turn.completed")) {
                answers.put(
                        event.path("stage_id").asText(),
                        event.at("/payload/content/message/text").asText());
            }
        });
        return answers;
    }

    private static Map<String, String> outputs(JsonNode run, Map<String, String> answers) {
        Map<String, String> outputs = new LinkedHashMap<>();
        run.at("/assistant/outputs").properties().forEach(output -> {
            String answer = answers.get(output.getValue().path("stage_id").asText());
            if (answer != null) {
                outputs.put(output.getKey(), answer);
            }
        });
        return outputs;
    }

    private static ObjectNode object(JsonNode run, Map<String, String> outputs) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        object.set("run_id", run.path("run_id"));
        object.set("status", run.path("status"));
        object.set("assistant", run.at("/assistant/name"));
        object.set("version", run.at("/assistant/version"));
        ObjectNode texts = object.putObject("outputs");
        outputs.forEach(texts::put);
        return object;
    }
}
