package io.tailrace.cli.stack;

import io.tailrace.local.stack.LocalStack;
import io.tailrace.local.stack.StackStartException;
import java.io.IOException;
import java.io.PrintStream;

/** A stack that lives as long as the command that started it and starts again what dies: until Ctrl-C, or {@code down}. */
final class Foreground {

    private final LocalStack stack;
    private final PrintStream out;

    Foreground(LocalStack stack, PrintStream out) {
        this.stack = stack;
        this.out = out;
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(this::end));
    }

    private void end() {
        try {
            stack.close(name -> out.println("  " + name + " ended"));
        } catch (IOException | StackStartException e) {
            System.err.println("tailrace: cannot end everything: " + e.getMessage());
        }
    }

    /** Returns when another command has ended the stack or taken it over. */
    void untilTheEnd() {
        try {
            stack.awaitEndOfSupervision();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
