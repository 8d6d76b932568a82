package io.tailrace.cli.chat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tailrace.cli.display.ChatPrinter;
import io.tailrace.cli.display.Terminal;
import io.tailrace.cli.runs.GatewayClient;
import io.tailrace.cli.runs.GatewayOption;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tailrace chat}. */
@Command(
        name = "chat",
        mixinStandardHelpOptions = true,
        description = "Talks to a model: each line is a turn, answered as it is written. Ctrl-C cancels the turn, once"
                + " more or Ctrl-D leaves. Exit code 0 when every turn was answered, 1 when not.")
public final class ChatCommand implements Callable<Integer> {
    private static final int EXIT_INTERRUPTED = 130;

    @Mixin
    private GatewayOption gateway = new GatewayOption();

    @Option(names = "--run", paramLabel = "ID", description = "Go on with this chat, instead of a new one.")
    private Optional<String> run = Optional.empty();

    @Option(names = "--workspace", paramLabel = "NAME", description = "Of a new chat (default: local).")
    private String workspace = "local";

    @Option(names = "--provider", paramLabel = "ID", description = "Who answers in a new chat (default: scripted).")
    private String provider = "scripted";

    @Option(names = "--model", paramLabel = "NAME", description = "One of the provider's models (default: its own).")
    private Optional<String> model = Optional.empty();

    @Option(names = "--system", paramLabel = "TEXT", description = "What every turn's context begins with.")
    private Optional<String> system = Optional.empty();

    @Option(
            names = "--policy",
            paramLabel = "POLICY",
            description = "What a line does while an answer is being written: reject, enqueue or interrupt.")
    private Optional<String> policy = Optional.empty();

    @Override
    public Integer call() throws IOException, InterruptedException {
        boolean terminal = isTerminal();
        try (GatewayClient client = gateway.client()) {
            String id = run.orElseGet(() -> client.create(request(), Optional.empty()));
            if (run.isEmpty() && terminal) {
                System.out.println("chat " + id);
            }
            boolean waits = !terminal || policy.isEmpty() || policy.get().equals("reject");
            ChatSession session =
                    new ChatSession(client, id, new ChatPrinter(Terminal.colours()), System.out, terminal, waits);
            Optional<String> cursor = run.isPresent() ? session.history() : Optional.empty();
            Interrupts.handle(() -> {
                if (session.interrupt()) {
                    // The main thread waits for a line, and nothing but the process's end stops that.
                    System.exit(EXIT_INTERRUPTED);
                }
            });
            return session.talk(lines(), cursor);
        }
    }

    @SuppressWarnings("SystemConsoleNull") // its annotation says it may be null, and that is what the compiler goes by
    private static boolean isTerminal() {
        return System.console() != null && System.console().isTerminal();
    }

    private static BufferedReader lines() {
        Charset typed = Charset.forName(System.getProperty("stdin.encoding", StandardCharsets.UTF_8.name()));
        return new BufferedReader(new InputStreamReader(System.in, typed));
    }

    private ObjectNode request() {
        ObjectNode request = JsonNodeFactory.instance.objectNode();
        request.put("workspace", workspace).put("kind", "chat");
        ObjectNode chat = request.putObject("chat").put("provider", provider);
        model.ifPresent(it -> chat.put("model", it));
        system.ifPresent(it -> chat.put("system", it));
        policy.ifPresent(it -> chat.put("policy", it));
        return request;
    }
}
