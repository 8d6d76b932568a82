package io.tailrace.cli.stack;

import io.tailrace.local.stack.StackStatus;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code tailrace status}. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = "Shows the processes of this machine. Exit code 0 when all of them are ready, else 1.")
public final class StatusCommand implements Callable<Integer> {

    @Mixin
    private DataOption data = new DataOption();

    @Override
    public Integer call() throws IOException {
        StackStatus status = StackStatus.of(data.path());
        if (!status.isRunning()) {
            System.out.println("Nothing is running on " + status.dataDir() + ". Start it with 'tailrace up'.");
            return 1;
        }
        System.out.println("Data: " + status.dataDir());
        System.out.println("Kafka: " + status.bootstrapServers());
        for (StackStatus.Member member : status.members()) {
            System.out.printf(
                    "  %-16s %-10s %-22s %s%n",
                    member.name(),
                    member.state().name().toLowerCase(Locale.ROOT).replace('_', ' '),
                    member.port() == 0 ? "" : "127.0.0.1:" + member.port(),
                    member.pid().map(pid -> "pid " + pid).orElse(""));
        }
        return status.members().stream().allMatch(member -> member.state() == StackStatus.State.READY) ? 0 : 1;
    }
}
