package io.tailrace.cli.stack;

import io.tailrace.local.stack.TailraceHome;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which data folder a command means. */
public final class DataOption {

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Data folder; everything that is kept lies in it (default: .tailrace beside this script).")
    private Optional<Path> data = Optional.empty();

    /** Absolute. */
    public Path path() {
        return data.orElseGet(() -> TailraceHome.locate().resolve(".tailrace"))
                .toAbsolutePath()
                .normalize();
    }

    public boolean isGiven() {
        return data.isPresent();
    }
}
