package io.tailrace.cli.stack;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code tailrace test}: for the help text; the launcher script runs Maven itself, because nothing need be built yet. */
@Command(
        name = "test",
        mixinStandardHelpOptions = true,
        description = "Builds everything and runs all tests; arguments go to Maven.")
public final class TestCommand implements Callable<Integer> {

    @Override
    public Integer call() {
        System.err.println("tailrace: tests are run by the script: ./tailrace test");
        return 2;
    }
}
