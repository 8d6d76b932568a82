package io.tailrace.cli.demo;

import io.tailrace.cli.display.Durations;
import io.tailrace.cli.display.RunPrinter;
import io.tailrace.cli.display.Terminal;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tailrace demo}. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description =
                "Starts everything, runs a real build, cuts its watcher's connection in the middle, and shows that"
                        + " nothing was lost. Ends by itself.")
public final class DemoCommand implements Callable<Integer> {

    private static final int USUAL_PORT = 8080;

    @Option(names = "--keep", description = "Leave the stack running; 'tailrace down --data …' ends it.")
    private boolean keep;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Data folder of the demo's stack (default: .tailrace/demo beside this script).")
    private Optional<Path> data = Optional.empty();

    private final PrintStream out = System.out;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path home = TailraceHome.locate();
        out.println("Starting Kafka and the services …");
        long began = System.nanoTime();
        LocalStack stack = LocalStack.start(
                options(home), (name, took) -> out.printf("  %-16s ready after %s%n", name, Durations.text(took)));
        try {
            out.printf("Ready after %s, at %s%n", since(began), stack.gateway(1));
            boolean good = show(home, stack);
            if (keep) {
                out.printf("%nThe stack runs on at %s.%n", stack.gateway(1));
                out.printf("  ./tailrace down --data %s%n", stack.dataDir());
            }
            return good ? 0 : 1;
        } finally {
            if (!keep) {
                stack.close();
            }
        }
    }

    private StackOptions options(Path home) {
        return StackOptions.builder(home, data.orElse(home.resolve(".tailrace").resolve("demo")))
                .gatewayPort(FreePorts.isFree(USUAL_PORT) ? USUAL_PORT : 0)
                .adhocPhases(true)
                // Builds see nothing of this machine but its programs; the demo's takes its sources from here.
                .environment(
                        ServiceKind.BUILD_WORKER.label(),
                        "TAILRACE_WORKER_ISOLATION_READ_ONLY_PATHS",
                        home.resolve("demo").toString())
                .attached(!keep)
                .build();
    }

    private boolean show(Path home, LocalStack stack) throws IOException, InterruptedException {
        try (GatewayClient client = new GatewayClient(stack.gateway(1))) {
            RunPrinter printer = new RunPrinter(Terminal.colours());
            CutWatch watch = new CutWatch(printer, out);
            String run =
                    client.create(DemoBuild.request(home, Path.of(System.getProperty("java.home"))), Optional.empty());
            out.printf("In a browser: %s/?run=%s%n%n", stack.gateway(1), run);
            client.stream(run, Optional.empty()).follow(watch);
            List<WatchedEvent> logged = new ArrayList<>();
            client.download(run, event -> logged.add(WatchedEvent.of(event)));
            Optional<String> difference = new Comparison(watch.events(), logged).difference();
            explain(run, watch, logged.size(), difference);
            goOn(stack, run);
            return difference.isEmpty() && printer.outcome().equals(Optional.of("succeeded"));
        }
    }

    private void explain(String run, CutWatch watch, int logged, Optional<String> difference) {
        out.printf("%nWhat happened%n");
        out.printf(
                "  Run %s was executed by a worker in real subprocesses; its %d events went through Kafka.%n",
                run, logged);
        watch.cut()
                .ifPresentOrElse(
                        cut -> out.printf(
                                "  Its watcher's connection was cut after event %d, on purpose; %d events happened"
                                        + " until it was back.%n",
                                cut.after(), watch.missedMeanwhile()),
                        () -> out.printf("  The run ended before its watcher's connection could be cut.%n"));
        if (difference.isPresent()) {
            out.printf("  The stream is NOT what the log has: %s%n", difference.get());
        } else {
            out.printf(
                    "  The stream, compared with the log event by event: all %d there, none missing, none twice.%n",
                    watch.events().size());
        }
    }

    private void goOn(LocalStack stack, String run) {
        out.printf("%nGo on%n");
        out.printf("  ./tailrace up                          a stack that stays, on its own data%n");
        out.printf("  ./tailrace run demo/hello-run.yaml     a build by a recipe of recipes/, in another terminal%n");
        if (keep) {
            out.printf("  ./tailrace watch %s --gateway %s%n", run, stack.gateway(1));
            out.printf("  curl -N %s/v1/runs/%s/stream%n", stack.gateway(1), run);
        }
    }

    private static String since(long began) {
        return Durations.text(Duration.ofNanos(System.nanoTime() - began));
    }
}
