package io.tailrace.cli.stack;

import io.tailrace.local.stack.OrderlyEnd;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code tailrace down}. */
@Command(
        name = "down",
        mixinStandardHelpOptions = true,
        description = "Ends what 'tailrace up' started, in order. The data stays for the next 'up'.")
public final class DownCommand implements Callable<Integer> {

    @Mixin
    private DataOption data = new DataOption();

    @Override
    public Integer call() throws IOException {
        int ended = OrderlyEnd.of(data.path(), name -> System.out.println("  " + name + " ended"));
        if (ended == 0) {
            System.out.println("Nothing was running on " + data.path());
        }
        return 0;
    }
}
