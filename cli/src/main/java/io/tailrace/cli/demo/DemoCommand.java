package io.tailrace.cli.demo;

import io.tailrace.cli.display.Durations;
import io.tailrace.cli.runs.GatewayClient;
import io.tailrace.local.process.FreePorts;
import io.tailrace.local.stack.LocalStack;
import io.tailrace.local.stack.ServiceKind;
import io.tailrace.local.stack.StackOptions;
import io.tailrace.local.stack.TailraceHome;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tailrace demo}. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description =
                "Starts everything, runs a real build, a chat and an assistant, cuts their watchers' connections in the"
                        + " middle, kills workers that write answers, and shows that nothing was lost. Ends by itself.")
public final class DemoCommand implements Callable<Integer> {

    private static final int USUAL_PORT = 8080;

    @Option(names = "--keep", description = "Leave the stack running; 'tailrace down --data …' ends it.")
    private boolean keep;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Data folder of the demo's stack (default: .tailrace/demo beside this script).")
    private Optional<Path> data = Optional.empty();

    @Option(
            names = "--bootstrap-servers",
            paramLabel = "HOST:PORT,…",
            description = "Use this Kafka cluster instead of starting one.")
    private Optional<String> bootstrapServers = Optional.empty();

    @Option(
            names = "--secure",
            description =
                    "Kafka over TLS, with a user and rights of its own for each service, on a data folder of its own.")
    private boolean secure;

    private final PrintStream out = System.out;
    private final DemoWorkers workers = DemoWorkers.marked();

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path home = TailraceHome.locate();
        out.println("Starting Kafka and the services …");
        long began = System.nanoTime();
        LocalStack stack = LocalStack.start(
                options(home), (name, took) -> out.printf("  %-16s ready after %s%n", name, Durations.text(took)));
        try {
            out.printf("Ready after %s, at %s%n", since(began), stack.gateway(1));
            List<Shown> parts = show(home, stack);
            explain(parts);
            goOn(stack);
            return parts.stream().allMatch(Shown::isGood) ? 0 : 1;
        } finally {
            if (!keep) {
                stack.close();
            }
        }
    }

    private StackOptions options(Path home) {
        StackOptions.Builder options = StackOptions.builder(
                        home, data.orElse(home.resolve(".tailrace").resolve(secure ? "demo-secure" : "demo")))
                .gatewayPort(FreePorts.isFree(USUAL_PORT) ? USUAL_PORT : 0)
                .buildWorkers(1)
                .adhocPhases(true)
                .secure(secure)
                // Builds see nothing of this machine but its programs; the demo's takes its sources from here.
                .environment(
                        ServiceKind.BUILD_WORKER.label(),
                        "TAILRACE_WORKER_ISOLATION_READ_ONLY_PATHS",
                        home.resolve("demo").toString())
                .attached(!keep);
        workers.addTo(options);
        bootstrapServers.ifPresent(options::bootstrapServers);
        return options.build();
    }

    private List<Shown> show(Path home, LocalStack stack) throws IOException, InterruptedException {
        try (GatewayClient client = new GatewayClient(stack.gateway(1));
                ExecutorService starting = Executors.newVirtualThreadPerTaskExecutor()) {
            BuildShown build = new BuildPart(client, stack.gateway(1), out).show(home);
            out.printf("%nA chat, while a second turn-worker starts.%n%n");
            ChatPart chat = new ChatPart(client, DemoChat.read(home), it -> workers.process(stack, it), out);
            ChatShown chatted = chat.show(starting.submit(() -> workers.startSecond(stack)));
            workers.startAgain(stack);
            out.printf("%nAn assistant: three prompts, documents, a tool.%n%n");
            AssistantPart assistant =
                    new AssistantPart(client, DemoAssistant.read(home), it -> workers.process(stack, it), out);
            return List.of(build, chatted, assistant.show());
        }
    }

    private void explain(List<Shown> parts) {
        out.printf("%nWhat happened%n");
        for (Shown part : parts) {
            out.println();
            part.explain(out);
        }
    }

    private void goOn(LocalStack stack) throws IOException {
        out.printf("%nGo on%n");
        out.printf("  ./tailrace up                          a stack that stays, on its own data%n");
        out.printf("  ./tailrace run demo/hello-run.yaml     a build by a recipe of recipes/, in another terminal%n");
        out.printf("  ./tailrace chat                        a chat of your own%n");
        out.printf("  ./tailrace assistants                  assistants: prompts with knowledge and tools%n");
        if (keep) {
            workers.startAgain(stack);
            out.printf("%nThe demo's stack runs on at %s; it ends with%n", stack.gateway(1));
            out.printf("  ./tailrace down --data %s%n", stack.dataDir());
        }
    }

    private static String since(long began) {
        return Durations.text(Duration.ofNanos(System.nanoTime() - began));
    }
}
