package io.tailrace.cli.stack;

import io.tailrace.local.stack.LocalStack;
import io.tailrace.local.stack.StackOptions;
import io.tailrace.local.stack.TailraceHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tailrace up}. */
@Command(
        name = "up",
        mixinStandardHelpOptions = true,
        description = "Starts Kafka and all services on this machine, and starts again what dies; Ctrl-C ends them. The"
                + " data stays.")
public final class UpCommand implements Callable<Integer> {

    /** What a detached start adds to the same command line. */
    static final String SUPERVISOR = "--supervisor";

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Mixin
    private DataOption data = new DataOption();

    @Option(
            names = {"-d", "--detach"},
            description = "Leave everything running, and return; 'tailrace down' ends it.")
    private boolean detach;

    @Option(names = SUPERVISOR, hidden = true, description = "This is the process that a detached start leaves.")
    private boolean supervisor;

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
            names = "--secure",
            description =
                    "Kafka over TLS, with a user and rights of its own for each service; nobody else gets in. Decided"
                            + " when a data folder is first used.")
    private boolean secure;

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

    @Option(
            names = "--debug",
            paramLabel = "SERVICE=PORT",
            description =
                    "Let a debugger attach to a service, for example gateway-1=5005, on 127.0.0.1. Whoever reaches"
                            + " that port controls the service.")
    private Map<String, Integer> debugPorts = new LinkedHashMap<>();

    @Override
    public Integer call() throws IOException {
        StackOptions options = options();
        return detach && !supervisor ? detached(options) : stay(options);
    }

    private int stay(StackOptions options) throws IOException {
        long began = System.nanoTime();
        UpNews news = new UpNews(System.out);
        LocalStack stack = LocalStack.start(options, news);
        Foreground foreground = new Foreground(stack, System.out);
        news.started(stack, Duration.ofNanos(System.nanoTime() - began));
        if (!supervisor) {
            System.out.println("Ctrl-C ends it.");
        }
        foreground.untilTheEnd();
        return 0;
    }

    private int detached(StackOptions options) throws IOException {
        List<String> arguments =
                new ArrayList<>(spec.root().commandLine().getParseResult().originalArgs());
        arguments.add(SUPERVISOR);
        int status = new DetachedStart(options.home(), options.dataDir(), System.out)
                .run(spec.root().userObject().getClass().getName(), arguments);
        if (status == 0) {
            System.out.println("See it with 'tailrace status', end it with 'tailrace down'.");
        }
        return status;
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
                .adhocPhases(adhocPhases)
                .secure(secure)
                .debugPorts(debugPorts)
                .restarting(true);
        partitions.ifPresent(builder::partitions);
        bootstrapServers.ifPresent(builder::bootstrapServers);
        recipes.ifPresent(builder::recipesDir);
        providers.ifPresent(builder::providersFile);
        return builder.build();
    }
}
