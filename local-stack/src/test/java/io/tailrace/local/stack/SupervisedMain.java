package io.tailrace.local.stack;

import java.nio.file.Path;

/** Stands for {@code tailrace up}: home, data folder, Kafka. */
public final class SupervisedMain {

    private SupervisedMain() {}

    public static void main(String[] args) throws Exception {
        LocalStack stack = LocalStack.start(SupervisorTest.options(Path.of(args[0]), Path.of(args[1]), args[2])
                .build());
        stack.awaitEndOfSupervision();
    }
}
