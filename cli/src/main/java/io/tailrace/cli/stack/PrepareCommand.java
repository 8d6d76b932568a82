package io.tailrace.cli.stack;

import io.tailrace.local.stack.FastStart;
import io.tailrace.local.stack.TailraceHome;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code tailrace prepare}: the launcher script calls it after a build. */
@Command(
        name = "prepare",
        mixinStandardHelpOptions = true,
        hidden = true,
        description = "Makes what later starts of the services are faster with, where it is missing.")
public final class PrepareCommand implements Callable<Integer> {

    @Override
    public Integer call() throws IOException {
        FastStart.prepare(TailraceHome.locate(), text -> System.err.println("tailrace: " + text));
        return 0;
    }
}
