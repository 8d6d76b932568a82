package io.tailrace.cli.demo;

import io.tailrace.cli.display.RunPrinter;
import io.tailrace.cli.display.Terminal;
import io.tailrace.cli.runs.GatewayClient;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/** The demo's build, with its watcher's connection cut in the middle of a phase's output. */
record BuildPart(GatewayClient client, URI gateway, PrintStream out) {

    private static final CutPoint CUT = CutPoint.lines("test", 12);

    /** Blocks until the build has ended. */
    BuildShown show(Path home) throws IOException, InterruptedException {
        RunPrinter printer = new RunPrinter(Terminal.colours());
        CutWatch watch = new CutWatch(client, printer, out, CUT, shown -> {});
        String run = client.create(DemoBuild.request(home, Path.of(System.getProperty("java.home"))), Optional.empty());
        out.printf("A build. In a browser: %s/?run=%s%n%n", gateway, run);
        client.stream(run, Optional.empty()).follow(watch);
        boolean succeeded = printer.outcome().equals(Optional.of("succeeded"));
        return BuildShown.of(run, succeeded, watch, WatchedEvent.logged(client, run));
    }
}
