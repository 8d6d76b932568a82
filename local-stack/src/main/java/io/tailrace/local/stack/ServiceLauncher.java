package io.tailrace.local.stack;

import io.tailrace.local.folder.Folders;
import io.tailrace.local.process.CachedProgram;
import io.tailrace.local.process.JavaCommand;
import io.tailrace.local.process.Launch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Makes services' command lines and environments from the options of their stack. */
final class ServiceLauncher {

    /** Spring Boot reads the files that it names. */
    private static final String IMPORT = "SPRING_CONFIG_IMPORT";

    private final StackOptions options;
    private final StackFolder folder;
    private final ServiceJars jars;

    ServiceLauncher(StackOptions options, StackFolder folder) {
        this.options = options;
        this.folder = folder;
        this.jars = new ServiceJars(options.home());
    }

    /** All at once, where that has not been done; seconds otherwise spent one after the other. */
    void takeJarsApart(Set<ServiceKind> kinds) throws IOException {
        try (ExecutorService parallel = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<CachedProgram>> programs = new ArrayList<>();
            for (ServiceKind kind : kinds) {
                programs.add(parallel.submit(() -> jars.program(kind)));
            }
            for (Future<CachedProgram> program : programs) {
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
        Launch launch = how(name, port, bootstrapServers, extra);
        Folders.emptied(temporary(name));
        return ServiceMember.launch(name, port, launch, options.startLimit());
    }

    /** One that an earlier process of ours started, whether it still runs or not. */
    ServiceMember attach(String name, int port, String bootstrapServers) throws IOException {
        return ServiceMember.attach(name, port, how(name, port, bootstrapServers, Map.of()), options.startLimit());
    }

    private Path temporary(String name) {
        return folder.member(name).resolve("tmp");
    }

    private Launch how(String name, int port, String bootstrapServers, Map<String, String> extra) throws IOException {
        ServiceKind kind = ServiceKind.ofName(name)
                .orElseThrow(() -> new IllegalArgumentException("not the name of a service: " + name));
        Path own = folder.member(name);
        Folders.ownerOnly(own);
        Map<String, String> environment =
                new HashMap<>(ServiceEnvironment.of(kind, options.inherited(), options.providersFile()));
        environment.putAll(environment(kind, name, port, bootstrapServers));
        if (options.secure()) {
            // Where the secrets lie, not what they are: an environment is inherited, and is read by whoever may.
            String file =
                    folder.security().serviceSettings(kind.label()).toUri().toString();
            environment.merge(IMPORT, file, (others, ours) -> others + "," + ours);
        }
        environment.putAll(options.environment().getOrDefault(kind.label(), Map.of()));
        environment.putAll(options.environment().getOrDefault(name, Map.of()));
        environment.putAll(extra);
        return new Launch(
                command(kind, name), environment, own, folder.log(name), folder.pidFile(name), options.attached());
    }

    private List<String> command(ServiceKind kind, String name) throws IOException {
        CachedProgram program = jars.program(kind);
        List<String> jvm = new ArrayList<>(JavaCommand.OPTIONS);
        jvm.addAll(kind.memoryOptions());
        jvm.add("-Djava.io.tmpdir=" + temporary(name));
        jvm.addAll(options.jvmOptions());
        if (options.debugPorts().containsKey(name)) {
            jvm.add("-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=127.0.0.1:"
                    + options.debugPorts().get(name));
        }
        return options.recordingInto().isPresent()
                ? program.recordingCommand(
                        jvm, FastStart.recording(options.recordingInto().get(), kind.label()), List.of())
                : program.command(jvm, options.attached(), List.of());
    }

    /** What a process is told; docker-compose.yml tells its containers the same. */
    Map<String, String> environment(ServiceKind kind, String name, int port, String bootstrapServers) {
        Map<String, String> variables = new HashMap<>();
        variables.put("TAILRACE_INSTANCE", name);
        variables.put("SPRING_KAFKA_BOOTSTRAP_SERVERS", bootstrapServers);
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
                variables.put(
                        "TAILRACE_GATEWAY_REPOSITORIES_DIR",
                        folder.member(name).resolve("repositories").toString());
            }
            case BUILD_WORKER -> {
                variables.put("TAILRACE_WORKER_ID", name);
                variables.put(
                        "TAILRACE_WORKER_DATA_DIR",
                        folder.member(name).resolve("work").toString());
                // One for all of this machine: what a worker has built, the others use.
                variables.put(
                        "TAILRACE_WORKER_ENVIRONMENTS_DIR",
                        folder.environments().toString());
                variables.put("TAILRACE_WORKER_RECIPES_DIR", recipes);
                variables.put("TAILRACE_WORKER_ADHOC_PHASES", adhoc);
            }
            case TURN_WORKER -> {
                variables.put("TAILRACE_WORKER_ID", name);
                variables.put(
                        "TAILRACE_WORKER_KNOWLEDGE_DIR",
                        folder.member(name).resolve("repositories").toString());
                options.providersFile()
                        .ifPresent(file -> variables.put(
                                "TAILRACE_WORKER_PROVIDERS_FILE",
                                file.toAbsolutePath().toString()));
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
