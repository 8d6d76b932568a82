package io.tailrace.cli.stack;

import io.tailrace.local.stack.LocalStack;
import io.tailrace.local.stack.OrderlyEnd;
import io.tailrace.local.stack.StackMember;
import java.io.IOException;
import java.io.PrintStream;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A stack that lives as long as the command that started it: Ctrl-C, or the end of all its processes. */
final class Foreground {

    private static final long LOOK_AGAIN_MILLIS = 500;

    private final LocalStack stack;
    private final PrintStream out;
    private final CountDownLatch ending = new CountDownLatch(1);

    Foreground(LocalStack stack, PrintStream out) {
        this.stack = stack;
        this.out = out;
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(this::end));
    }

    private void end() {
        ending.countDown();
        try {
            OrderlyEnd.of(stack.dataDir(), name -> out.println("  " + name + " ended"));
        } catch (IOException e) {
            System.err.println("tailrace: cannot end everything: " + e);
        }
    }

    /** Returns when every process has ended, by whomever. */
    void untilTheEnd() {
        Set<String> missed = new HashSet<>();
        try {
            while (!ending.await(LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS)) {
                for (StackMember member : stack.members()) {
                    if (!member.isAlive() && ending.getCount() > 0 && missed.add(member.name())) {
                        out.println("  " + member.name() + " has ended; its log: " + member.log());
                    }
                }
                if (missed.size() == stack.members().size()) {
                    return;
                }
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
