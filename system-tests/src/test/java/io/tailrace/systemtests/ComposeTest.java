package io.tailrace.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.local.process.FreePorts;
import io.tailrace.local.stack.TailraceHome;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** docker-compose.yml says nothing that the services do not know, and starts where there is an engine. */
class ComposeTest {
    private static final Path HOME = TailraceHome.locate();

    @ParameterizedTest
    @CsvSource({
        "gateway-1, api-gateway",
        "gateway-2, api-gateway",
        "coordinator-1, run-coordinator",
        "coordinator-2, run-coordinator",
        "build-worker-1, build-worker",
        "build-worker-2, build-worker",
        "turn-worker-1, turn-worker",
        "turn-worker-2, turn-worker"
    })
    void everyVariableIsAPropertyOfItsService(String name, String module) throws Exception {
        Set<String> known = ServiceProperties.variables(ServiceProperties.jar(HOME, module));
        assertThat(known).as("what was read of " + module).contains("TAILRACE_KAFKA_PARTITIONS");

        assertThat(environment(name).filter(it -> it.startsWith("TAILRACE_")))
                // Says who a process is, to services that want to know.
                .filteredOn(it -> !it.equals("TAILRACE_INSTANCE"))
                .isSubsetOf(known);
    }

    private static Stream<String> environment(String name) throws IOException {
        List<String> variables = new ArrayList<>();
        for (String file : List.of("docker-compose.yml", "docker-compose.isolation.yml")) {
            member(service(file, name), "environment").keySet().forEach(it -> variables.add(String.valueOf(it)));
        }
        return variables.stream();
    }

    private static Map<?, ?> service(String file, String name) throws IOException {
        Map<?, ?> tree = new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(HOME.resolve(file)));
        return member(member(tree, "services"), name);
    }

    /** The command of the brokers' check, at a broker that answers and where nothing does. */
    @Test
    void theCheckOfABrokerAsksItsPort(@TempDir Path folder) throws Exception {
        SharedStack.heal();
        assertThat(brokerCheck(folder, SharedStack.member("broker-1").port())).isZero();
        assertThat(brokerCheck(folder, FreePorts.pick(1).getFirst())).isPositive();
    }

    private static int brokerCheck(Path folder, int port) throws Exception {
        Object test =
                member(service("docker-compose.yml", "broker-1"), "healthcheck").get("test");
        List<String> command = new ArrayList<>();
        (test instanceof List<?> words ? words : List.of())
                .forEach(it -> command.add(String.valueOf(it).replace("9092", Integer.toString(port))));
        assertThat(command.removeFirst()).isEqualTo("CMD");
        return exitCode(folder, Map.of(), Duration.ofSeconds(20), command);
    }

    private static Map<?, ?> member(Map<?, ?> map, String name) {
        return map.get(name) instanceof Map<?, ?> found ? found : Map.of();
    }

    @Test
    @Timeout(value = 15, unit = TimeUnit.MINUTES)
    void startsAndBuilds(@TempDir Path folder) throws Exception {
        requireEngine(folder);
        List<Integer> ports = FreePorts.pick(2);
        Map<String, String> environment = new TreeMap<>();
        environment.put("GATEWAY_1_PORT", ports.get(0).toString());
        environment.put("GATEWAY_2_PORT", ports.get(1).toString());
        String project = "tailrace-test-" + ProcessHandle.current().pid();
        List<String> compose = List.of("docker", "compose", "-p", project);
        try {
            run(folder, environment, Duration.ofMinutes(12), compose, "up", "--build", "--wait");
            Gateway first = new Gateway(URI.create("http://127.0.0.1:" + ports.get(0)));
            Gateway second = new Gateway(URI.create("http://127.0.0.1:" + ports.get(1)));
            String run = first.create(
                    Plans.run(List.of(Map.of("step", "build", "recipe", "commands", "definition", "hello"))));
            second.awaitStatus(run, "succeeded", Duration.ofSeconds(60));
            assertThat(first.events(run)).isEqualTo(second.events(run)).isNotEmpty();
        } finally {
            run(folder, environment, Duration.ofMinutes(2), compose, "down", "--volumes", "--timeout", "20");
        }
    }

    private static void requireEngine(Path folder) throws Exception {
        boolean there =
                Files.isExecutable(Path.of("/usr/local/bin/docker")) || Files.isExecutable(Path.of("/usr/bin/docker"));
        if (there) {
            there = exitCode(folder, Map.of(), Duration.ofSeconds(20), List.of("docker", "compose", "version")) == 0
                    && exitCode(folder, Map.of(), Duration.ofSeconds(20), List.of("docker", "info")) == 0;
        }
        if (!there) {
            String message =
                    "THE SMOKE TEST OF docker-compose.yml DID NOT RUN: no Docker engine with compose answers here";
            System.err.println(message);
            Assumptions.abort(message);
        }
    }

    private static void run(
            Path folder, Map<String, String> environment, Duration within, List<String> compose, String... rest)
            throws Exception {
        List<String> command = new ArrayList<>(compose);
        command.addAll(List.of(rest));
        assertThat(exitCode(folder, environment, within, command))
                .as(() -> {
                    try {
                        return Files.readString(folder.resolve("out"), StandardCharsets.UTF_8);
                    } catch (IOException e) {
                        return e.toString();
                    }
                })
                .isZero();
    }

    private static int exitCode(Path folder, Map<String, String> environment, Duration within, List<String> command)
            throws Exception {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(HOME.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("out").toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        if (!process.waitFor(within.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError(command + " took longer than " + within);
        }
        return process.exitValue();
    }
}
