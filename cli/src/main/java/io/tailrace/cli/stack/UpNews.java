package io.tailrace.cli.stack;

import io.tailrace.cli.display.Durations;
import io.tailrace.local.stack.LocalStack;
import io.tailrace.local.stack.StackNews;
import java.io.PrintStream;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;

/** What {@code up} says of its processes, at the terminal or in the log of a detached supervisor. */
final class UpNews implements StackNews {

    private final PrintStream out;
    private volatile boolean hasStarted;

    UpNews(PrintStream out) {
        this.out = out;
    }

    @Override
    public void ready(String name, Duration after) {
        hasStarted = true;
        out.printf("  %-16s ready after %s%n", name, Durations.text(after));
    }

    @Override
    public void said(String text) {
        out.println(LocalTime.now(ZoneId.systemDefault()).truncatedTo(ChronoUnit.SECONDS) + " " + text);
    }

    /** Everything is ready, or was taken over from a supervisor that died. */
    void started(LocalStack stack, Duration took) {
        if (hasStarted) {
            out.printf(
                    "Tailrace is ready at %s after %s. Data: %s%n",
                    stack.gateway(1), Durations.text(took), stack.dataDir());
            out.printf("In a browser: %s/%n", stack.gateway(1));
        } else {
            out.printf(
                    "Took over the processes on %s; what has ended is started again. Gateway: %s%n",
                    stack.dataDir(), stack.gateway(1));
        }
    }
}
