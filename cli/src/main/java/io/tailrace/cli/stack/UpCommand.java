package io.tailrace.cli.stack;

import io.tailrace.cli.display.Durations;
import io.tailrace.local.stack.LocalStack;
import io.tailrace.local.stack.StackOptions;
import io.tailrace.local.stack.TailraceHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tailrace up}. */
@Command(
        name = "up",
        mixinStandardHelpOptions = true,
        description = "Starts Kafka and all services on this machine; Ctrl-C ends them. The data stays.")
public final class UpCommand implements Callable<Integer> {

    @Mixin
    private DataOption data = new DataOption();

    @Option(
            names = {"-d", "--detach"},
            description = "Leave everything running, and return; 'tailrace down' ends it.")
    private boolean detach;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "8080",
            description = "Port of the first gateway; further ones take the next ports (default: ${DEFAULT-VALUE}).")
    private int port;

    @Option(
            names = "--brokers",
            paramLabel = "N",
            defaultValue = "1",
            description = "Kafka brokers: 1, or 3 and more (default: ${DEFAULT-VALUE}).")
    private int brokers;

    @Option(names = "--gateways", paramLabel = "N", defaultValue = "1", description = "Default: ${DEFAULT-VALUE}.")
    private int gateways;

    @Option(names = "--coordinators", paramLabel = "N", defaultValue = "1", description = "Default: ${DEFAULT-VALUE}.")
    private int coordinators;

    @Option(names = "--build-workers", paramLabel = "N", defaultValue = "2", description = "Default: ${DEFAULT-VALUE}.")
    private int buildWorkers;

    @Option(names = "--turn-workers", paramLabel = "N", defaultValue = "1", description = "Default: ${DEFAULT-VALUE}.")
    private int turnWorkers;

    @Option(
            names = "--providers",
            paramLabel = "FILE",
            description = "The operator's providers of language models (default: the scripted one alone).")
    private Optional<Path> providers = Optional.empty();

    @Option(
            names = "--bootstrap-servers",
            paramLabel = "HOST:PORT,…",
            description = "Use this Kafka cluster instead of starting one.")
    private Optional<String> bootstrapServers = Optional.empty();

    @Option(
            names = "--partitions",
            paramLabel = "N",
            description = "Partitions of the topics; fixed when they are first created (default: 12).")
    private Optional<Integer> partitions = Optional.empty();

    @Option(names = "--recipes", paramLabel = "DIR", description = "The operator's recipes (default: recipes/).")
    private Optional<Path> recipes = Optional.empty();

    @Option(
            names = "--adhoc-phases",
            description = "Let requests bring phases of their own: whoever reaches the gateway can run programs.")
    private boolean adhocPhases;

    @Override
    public Integer call() throws IOException {
        long began = System.nanoTime();
        LocalStack stack = LocalStack.start(
                options(),
                (name, duration) -> System.out.printf("  %-16s ready after %s%n", name, Durations.text(duration)));
        System.out.printf(
                "Tailrace is ready at %s after %s. Data: %s%n",
                stack.gateway(1), Durations.text(Duration.ofNanos(System.nanoTime() - began)), stack.dataDir());
        System.out.printf("In a browser: %s/%n", stack.gateway(1));
        if (detach) {
            System.out.println("See it with 'tailrace status', end it with 'tailrace down'.");
            return 0;
        }
        System.out.println("Ctrl-C ends it.");
        new Foreground(stack, System.out).untilTheEnd();
        return 0;
    }

    private StackOptions options() {
        recipes.filter(folder -> !Files.isDirectory(folder)).ifPresent(folder -> {
            throw new IllegalArgumentException("--recipes must name a folder, and " + folder + " is none");
        });
        StackOptions.Builder builder = StackOptions.builder(TailraceHome.locate(), data.path())
                .gatewayPort(port)
                .brokers(brokers)
                .gateways(gateways)
                .coordinators(coordinators)
                .buildWorkers(buildWorkers)
                .turnWorkers(turnWorkers)
                .adhocPhases(adhocPhases);
        partitions.ifPresent(builder::partitions);
        bootstrapServers.ifPresent(builder::bootstrapServers);
        recipes.ifPresent(builder::recipesDir);
        providers.ifPresent(builder::providersFile);
        return builder.build();
    }
}
