package io.tailrace.cli.stack;

import io.tailrace.local.stack.Restarts;
import io.tailrace.local.stack.StackStatus;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
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

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(ZoneId.systemDefault());

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
        kafka(status).forEach(System.out::println);
        System.out.println("Supervisor: " + supervisor(status));
        for (StackStatus.Member member : status.members()) {
            System.out.println(line(member).stripTrailing());
        }
        for (URI gateway : StackStatus.gateways(data.path())) {
            GatewayStatus.ask(gateway).forEach(it -> System.out.println(gateway + " says: " + it));
        }
        boolean allReady = status.members().stream().allMatch(member -> member.state() == StackStatus.State.READY);
        return allReady && status.supervision() != StackStatus.Supervision.DIED ? 0 : 1;
    }

    static List<String> kafka(StackStatus status) {
        String servers = status.bootstrapServers();
        return status.tools()
                .map(it -> List.of(
                        "Kafka: " + servers + ", secured (SASL_SSL, SCRAM-SHA-512). As its administrator:",
                        "  kafka-topics.sh --bootstrap-server " + servers + " --command-config " + quoted(it.console())
                                + " --list",
                        "  kcat -F " + quoted(it.kcat()) + " -L    # librdkafka 2.6.1 or later"))
                .orElse(List.of("Kafka: " + servers));
    }

    /** As a shell takes it for one word. */
    private static String quoted(Path path) {
        String text = path.toString();
        return text.matches("[A-Za-z0-9_@%+=:,./-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
    }

    private static String supervisor(StackStatus status) throws IOException {
        return switch (status.supervision()) {
            case NONE -> "none; what dies stays so";
            case RUNS ->
                "pid "
                        + StackStatus.supervisor(status.dataDir())
                                .map(String::valueOf)
                                .orElse("?")
                        + ", starts again what dies";
            case DIED -> "it has died, and nothing starts again what dies. 'tailrace up' takes over";
        };
    }

    static String line(StackStatus.Member member) {
        return String.format(
                Locale.ROOT,
                "  %-16s %-10s %-22s %-12s %s",
                member.name(),
                member.state().name().toLowerCase(Locale.ROOT).replace('_', ' '),
                member.port() == 0 ? "" : "127.0.0.1:" + member.port(),
                member.pid().map(pid -> "pid " + pid).orElse(""),
                member.restarts().map(StatusCommand::restarts).orElse(""));
    }

    private static String restarts(Restarts restarts) {
        String code = restarts.exitCode().map(it -> "exit code " + it).orElse("exit code not known");
        String next = restarts.nextStart()
                .map(at -> ", starts again at " + TIME.format(at))
                .orElse("");
        return "restarts " + restarts.count() + ", ended at " + TIME.format(restarts.endedAt()) + " (" + code + ")"
                + next;
    }
}
