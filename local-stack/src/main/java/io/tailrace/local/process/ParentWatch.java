package io.tailrace.local.process;

import java.io.IOException;

/** Ends this process when its standard input, a pipe from its parent, ends: that is when the parent does. */
public final class ParentWatch {

    private ParentWatch() {}

    public static void start() {
        Thread.ofPlatform().daemon().name("parent-watch").start(() -> {
            try {
                while (System.in.read() >= 0) {
                    // nothing is ever sent; only the end matters
                }
            } catch (IOException gone) {
                System.err.println("lost the parent's pipe: " + gone);
            }
            Runtime.getRuntime().halt(0);
        });
    }
}
