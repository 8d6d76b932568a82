package io.tailrace.local.stack;

import io.tailrace.local.process.AttachedMain;
import io.tailrace.local.process.JavaCommand;
import io.tailrace.local.process.Launch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Makes services' command lines and environments from the options of their stack. */
final class ServiceLauncher {

    /**
     * Several JVMs start at once on few processors: what they run for some seconds only is not worth the second
     * compiler's time, so that it begins later than usual.
     */
    private static final List<String> JVM_OPTIONS = List.of(
            "-XX:+UseSerialGC",
            "-XX:+ExitOnOutOfMemoryError",
            "-XX:Tier4InvocationThreshold=50000",
            "-XX:Tier4MinInvocationThreshold=20000",
            "-XX:Tier4CompileThreshold=100000",
            "-XX:Tier4BackEdgeThreshold=400000",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow");

    private final StackOptions options;
    private final StackFolder folder;
    private final ServiceJars jars;

    ServiceLauncher(StackOptions options, StackFolder folder) {
        this.options = options;
        this.folder = folder;
        this.jars = new ServiceJars(options.home());
    }

    /** All at once, where that has not been done; seconds otherwise spent one after the other. */
    void takeJarsApart() throws IOException {
        try (ExecutorService parallel = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<ServiceProgram>> programs = new ArrayList<>();
            for (ServiceKind kind : ServiceKind.values()) {
                programs.add(parallel.submit(() -> jars.program(kind)));
            }
            for (Future<ServiceProgram> program : programs) {
                program.get();
            }
        } catch (ExecutionException failed) {
            switch (failed.getCause()) {
                case StackStartException known -> throw known;
                case UncheckedIOException io -> throw io;
                case null, default -> throw new IOException("cannot take the services' jars apart", failed.getCause());
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new StackStartException("interrupted while preparing the services", interrupted);
        }
    }

    ServiceMember launch(String name, int port, String bootstrapServers, Map<String, String> extra) throws IOException {
        ServiceKind kind = ServiceKind.ofName(name)
                .orElseThrow(() -> new IllegalArgumentException("not the name of a service: " + name));
        Path own = folder.member(name);
        Files.createDirectories(own);
        Map<String, String> environment = new HashMap<>(environment(kind, name, port, bootstrapServers));
        environment.putAll(options.environment().getOrDefault(kind.label(), Map.of()));
        environment.putAll(options.environment().getOrDefault(name, Map.of()));
        environment.putAll(extra);
        Launch launch =
                new Launch(command(kind), environment, own, folder.log(name), folder.pidFile(name), options.attached());
        return ServiceMember.launch(name, port, launch, options.startLimit());
    }

    private List<String> command(ServiceKind kind) throws IOException {
        ServiceProgram program = jars.program(kind);
        List<String> jvm = new ArrayList<>(JVM_OPTIONS);
        jvm.add("-Xmx" + (kind == ServiceKind.GATEWAY ? "768m" : "384m"));
        List<Path> classPath = new ArrayList<>(program.libraries());
        classPath.addAll(program.own());
        if (!options.attached()) {
            return JavaCommand.of(jvm, classPath, program.mainClass(), List.of());
        }
        classPath.add(ownClasses());
        return JavaCommand.of(jvm, classPath, AttachedMain.class.getName(), List.of(program.mainClass()));
    }

    private static Path ownClasses() {
        try {
            return Path.of(AttachedMain.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("the class path has an entry without a path", e);
        }
    }

    private Map<String, String> environment(ServiceKind kind, String name, int port, String bootstrapServers) {
        Map<String, String> variables = new HashMap<>();
        variables.put("TAILRACE_INSTANCE", name);
        variables.put("TAILRACE_KAFKA_BOOTSTRAP_SERVERS", bootstrapServers);
        variables.put("SERVER_ADDRESS", "127.0.0.1");
        variables.put("SERVER_PORT", Integer.toString(port));
        options.partitions().ifPresent(count -> variables.put("TAILRACE_KAFKA_PARTITIONS", Integer.toString(count)));
        if (options.bootstrapServers().isEmpty()) {
            variables.put("TAILRACE_KAFKA_REPLICATION_FACTOR", options.brokers() >= 3 ? "3" : "1");
        }
        String recipes = recipes().toString();
        String adhoc = Boolean.toString(options.adhocPhases());
        switch (kind) {
            case GATEWAY -> {
                variables.put("TAILRACE_GATEWAY_RECIPES_DIR", recipes);
                variables.put("TAILRACE_GATEWAY_ADHOC_PHASES", adhoc);
            }
            case BUILD_WORKER -> {
                variables.put("TAILRACE_WORKER_ID", name);
                variables.put(
                        "TAILRACE_WORKER_DATA_DIR",
                        folder.member(name).resolve("work").toString());
                variables.put("TAILRACE_WORKER_RECIPES_DIR", recipes);
                variables.put("TAILRACE_WORKER_ADHOC_PHASES", adhoc);
            }
            case COORDINATOR ->
                variables.put(
                        "TAILRACE_COORDINATOR_STATE_DIR",
                        folder.member(name).resolve("state").toString());
        }
        return variables;
    }

    private Path recipes() {
        Optional<Path> chosen = options.recipesDir();
        return chosen.orElse(options.home().resolve("recipes")).toAbsolutePath();
    }
}
