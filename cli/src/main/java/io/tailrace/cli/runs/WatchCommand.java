package io.tailrace.cli.runs;

import io.tailrace.cli.display.RunPrinter;
import io.tailrace.cli.display.Terminal;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tailrace watch RUN}. */
@Command(
        name = "watch",
        mixinStandardHelpOptions = true,
        description = "Shows a run from its first event, and then live. Exit code 0 when it succeeded, 1 when not.")
public final class WatchCommand implements Callable<Integer> {

    @Mixin
    private GatewayOption gateway = new GatewayOption();

    @Parameters(paramLabel = "RUN", description = "The run's id.")
    private String run = "";

    @Option(names = "--cursor", paramLabel = "CURSOR", description = "Begin after this place of the stream.")
    private Optional<String> cursor = Optional.empty();

    @Override
    public Integer call() throws IOException, InterruptedException {
        try (GatewayClient client = gateway.client()) {
            return new Watch(client, new RunPrinter(Terminal.colours()), System.out, System.err).follow(run, cursor);
        }
    }
}
