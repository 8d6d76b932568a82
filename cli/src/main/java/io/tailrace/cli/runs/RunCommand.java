package io.tailrace.cli.runs;

import io.tailrace.cli.display.RunPrinter;
import io.tailrace.cli.display.Terminal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tailrace run FILE}. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description = "Creates a run from a file and shows it. Exit code 0 when it succeeded, 1 when not.")
public final class RunCommand implements Callable<Integer> {

    @Mixin
    private GatewayOption gateway = new GatewayOption();

    @Parameters(
            paramLabel = "FILE",
            description =
                    "YAML or JSON: a whole request (workspace, kind, title, plan, limits), or only the plan's list"
                            + " of steps.")
    private Path file = Path.of("");

    @Option(names = "--workspace", paramLabel = "NAME", description = "Replaces what the file says (default: local).")
    private Optional<String> workspace = Optional.empty();

    @Option(names = "--title", paramLabel = "TEXT", description = "Replaces what the file says.")
    private Optional<String> title = Optional.empty();

    @Option(
            names = "--idempotency-key",
            paramLabel = "KEY",
            description = "The same key and workspace make the same run, however often it is asked for.")
    private Optional<String> idempotencyKey = Optional.empty();

    @Option(
            names = {"-d", "--detach"},
            description = "Print the run's id and return.")
    private boolean detach;

    @Override
    public Integer call() throws IOException, InterruptedException {
        RunFile request = RunFile.read(file).with("workspace", workspace).with("title", title);
        try (GatewayClient client = gateway.client()) {
            String run = client.create(request.request(), idempotencyKey);
            if (detach) {
                System.out.println(run);
                return 0;
            }
            return new Watch(client, new RunPrinter(Terminal.colours()), System.out, System.err)
                    .follow(run, Optional.empty());
        }
    }
}
