package io.tailrace.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.tailrace.cli.display.RunPrinter;
import io.tailrace.cli.display.Terminal;
import io.tailrace.cli.runs.GatewayClient;
import io.tailrace.cli.runs.RunFrame;
import io.tailrace.local.stack.StackMember;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Optional;
import java.util.function.Function;

/**
 * The demo's assistant of three prompts, which is told from a repository and uses a tool. Its watcher's connection is cut
 * in the first answer; its worker is killed in the second, after the tool was used.
 */
final class AssistantPart {
    private static final CutPoint CUT = CutPoint.words(8);
    private static final int KILLED_AFTER = 15;

    private final GatewayClient client;
    private final DemoAssistant assistant;
    private final PrintStream out;
    private final WorkerKill kill;
    private final CutWatch seen;

    /** @param processes the process behind a worker's id; empty if the demo has not started it */
    AssistantPart(
            GatewayClient client,
            DemoAssistant assistant,
            Function<String, Optional<StackMember>> processes,
            PrintStream out) {
        this.client = client;
        this.assistant = assistant;
        this.out = out;
        this.seen = new CutWatch(client, new RunPrinter(Terminal.colours()), out, CUT, this::shown);
        this.kill = new WorkerKill(assistant.interrupted(), KILLED_AFTER, processes, seen::remark);
    }

    private void shown(RunFrame frame) {
        if (frame.isEvent()) {
            kill.event(WatchedEvent.of(frame.data()));
        }
    }

    /** Blocks until the assistant has ended. */
    AssistantShown show() throws IOException, InterruptedException {
        JsonNode _ = client.makeRepository(
                DemoAssistant.WORKSPACE, DemoAssistant.NAME, JsonNodeFactory.instance.objectNode());
        for (String name : assistant.names()) {
            JsonNode _ = client.storeDocument(
                    DemoAssistant.WORKSPACE,
                    DemoAssistant.NAME,
                    name,
                    "text/markdown",
                    assistant.documents().getOrDefault(name, new byte[0]));
        }
        JsonNode _ = client.putAssistant(DemoAssistant.WORKSPACE, DemoAssistant.NAME, assistant.definition());
        String run = client.create(assistant.request(), Optional.empty());
        out.printf("> %s%n%n", assistant.question());
        client.stream(run, Optional.empty()).follow(seen);
        AssistantProof proof =
                new AssistantProof(assistant, seen.events(), WatchedEvent.logged(client, run), kill.killed());
        return new AssistantShown(run, seen.cut(), seen.missedMeanwhile(), proof);
    }
}
