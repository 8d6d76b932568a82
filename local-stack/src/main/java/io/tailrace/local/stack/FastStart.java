package io.tailrace.local.stack;

import io.tailrace.local.broker.BrokerProgram;
import io.tailrace.local.folder.Folders;
import io.tailrace.local.folder.WholeFiles;
import io.tailrace.local.process.CachedProgram;
import io.tailrace.local.process.FreePorts;
import io.tailrace.local.process.JavaCommand;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Makes what later starts are faster with: the services' jars are taken apart, and AOT caches are made from one start of
 * everything. Needed once for each set of libraries, not for every build.
 */
public final class FastStart {

    private FastStart() {}

    /**
     * Does what has not been done; without it everything works too, more slowly.
     *
     * @param told what is being done, if it takes long
     */
    public static void prepare(Path home, Consumer<String> told) throws IOException {
        Map<String, CachedProgram> wanting = new TreeMap<>();
        for (Map.Entry<String, CachedProgram> entry : programs(home).entrySet()) {
            if (entry.getValue().canHaveCache()
                    && !Files.exists(entry.getValue().cache())) {
                wanting.put(entry.getKey(), entry.getValue());
            }
        }
        if (wanting.isEmpty()) {
            return;
        }
        told.accept("preparing fast starts (once for each set of libraries, about a minute) …");
        Path temporary = Files.createTempDirectory("tailrace-fast-start-");
        try {
            record(home, temporary);
            List<String> failures = new ArrayList<>();
            wanting.forEach((name, program) -> make(program, recording(temporary, name), temporary.resolve("output"))
                    .ifPresent(why -> failures.add(name + ": " + why)));
            if (!failures.isEmpty()) {
                throw new IOException(String.join("\n", failures));
            }
        } finally {
            Folders.delete(temporary);
        }
    }

    private static Map<String, CachedProgram> programs(Path home) throws IOException {
        ServiceJars jars = new ServiceJars(home);
        Map<String, CachedProgram> programs = new HashMap<>();
        for (ServiceKind kind : ServiceKind.values()) {
            programs.put(kind.label(), jars.program(kind));
        }
        programs.put("broker", BrokerProgram.of(brokerCacheFolder(home)));
        return programs;
    }

    static Path brokerCacheFolder(Path home) {
        return home.resolve("local-stack").resolve("target").resolve("broker");
    }

    private static void record(Path home, Path temporary) throws IOException {
        StackOptions options = StackOptions.builder(home, temporary.resolve("data"))
                .gatewayPort(FreePorts.pick(1).getFirst())
                .buildWorkers(1)
                .turnWorkers(1)
                .partitions(1)
                .recordingInto(temporary)
                .build();
        try (LocalStack stack = LocalStack.start(options)) {
            touch(stack.gateway(1).resolve("/v1/runs"));
        }
    }

    static Path recording(Path folder, String program) {
        return folder.resolve(program + ".recording");
    }

    /** So that answering a request is part of what is recorded; what the answer says is of no interest. */
    private static void touch(URI address) throws IOException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            client.send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.discarding());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new StackStartException("interrupted while preparing fast starts", interrupted);
        }
    }

    /** Why it could not be made; empty when it was. */
    private static Optional<String> make(CachedProgram program, Path recording, Path output) {
        try {
            if (!Files.exists(recording)) {
                return Optional.of("it left no recording");
            }
            Path fresh = program.cache().resolveSibling(program.cache().getFileName() + ".new");
            int status = ServiceJars.run(program.cacheCommand(JavaCommand.OPTIONS, recording, fresh), output);
            if (status != 0 || !Files.exists(fresh)) {
                return Optional.of("the JVM made no cache (" + status + "): " + Files.readString(output));
            }
            WholeFiles.replace(program.cache(), fresh);
            return Optional.empty();
        } catch (IOException failed) {
            return Optional.of(failed.toString());
        }
    }
}
