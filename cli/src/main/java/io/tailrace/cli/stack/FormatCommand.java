package io.tailrace.cli.stack;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code tailrace format}: for the help text; the launcher script runs Maven itself, because nothing need be built yet. */
@Command(
        name = "format",
        mixinStandardHelpOptions = true,
        description = "Formats all Java sources in the house style; arguments go to Maven ('-pl MODULE').")
public final class FormatCommand implements Callable<Integer> {

    @Override
    public Integer call() {
        System.err.println("tailrace: sources are formatted by the script: ./tailrace format");
        return 2;
    }
}
