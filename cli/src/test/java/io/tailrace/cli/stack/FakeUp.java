package io.tailrace.cli.stack;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;

/** Stands for the command that a detached start starts again: data folder, and how it goes. */
public final class FakeUp {

    static final String FAILS = "fails";
    static final String STAYS = "stays";

    private FakeUp() {}

    public static void main(String[] args) throws Exception {
        System.out.println("  broker-1 ready");
        if (args[1].equals(FAILS)) {
            System.out.println("tailrace: port 8080 is in use");
            System.exit(3);
        }
        System.out.println("Tailrace is ready");
        ProcessHandle self = ProcessHandle.current();
        long startedAt = self.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
        Files.writeString(
                Files.createDirectories(Path.of(args[0], "supervisor")).resolve("pid"), self.pid() + " " + startedAt);
        new CountDownLatch(1).await();
    }
}
