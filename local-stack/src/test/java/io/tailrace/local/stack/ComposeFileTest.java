package io.tailrace.local.stack;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.local.broker.ContainerEnvironment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** docker-compose.yml starts the same processes, told the same, as the launcher with three brokers. */
class ComposeFileTest {
    private static final Path HOME = TailraceHome.locate();
    private static final int BROKERS = 3;
    private static final int OF_EACH_SERVICE = 2;
    /** A gateway in a container listens on more than the loopback interface, and answers to its own name. */
    private static final Set<String> OF_CONTAINERS =
            Set.of("TAILRACE_GATEWAY_ALLOW_REMOTE", "TAILRACE_GATEWAY_ALLOWED_HOSTS");
    /** Addresses, folders and identity; everything else of a broker is its behaviour. */
    private static final Set<String> PLACES_OF_BROKERS = Set.of(
            "KAFKA_NODE_ID",
            "KAFKA_PROCESS_ROLES",
            "KAFKA_LISTENERS",
            "KAFKA_ADVERTISED_LISTENERS",
            "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP",
            "KAFKA_INTER_BROKER_LISTENER_NAME",
            "KAFKA_CONTROLLER_LISTENER_NAMES",
            "KAFKA_CONTROLLER_QUORUM_VOTERS",
            "KAFKA_LOG_DIRS",
            "KAFKA_HEAP_OPTS");

    private static final Map<String, Object> FILE = tree(read("docker-compose.yml"));

    private static String read(String name) {
        try {
            return Files.readString(HOME.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, Object> tree(String yaml) {
        Map<?, ?> tree = new Yaml(new SafeConstructor(new LoaderOptions())).load(yaml);
        return members(tree);
    }

    private static Map<String, Object> members(@Nullable Object map) {
        Map<String, Object> members = new TreeMap<>();
        Map<?, ?> found = map instanceof Map<?, ?> there ? there : Map.of();
        found.forEach((name, value) -> members.put(String.valueOf(name), value == null ? "" : value));
        return members;
    }

    private static Map<String, Object> services() {
        return members(FILE.get("services"));
    }

    private static Map<String, Object> service(String name) {
        return members(services().get(name));
    }

    private static Map<String, String> environment(String name) {
        return members(service(name).get("environment")).entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, it -> String.valueOf(it.getValue()), (a, b) -> b, TreeMap::new));
    }

    static Stream<String> ofServices() {
        return Stream.of(ServiceKind.values())
                .flatMap(kind -> IntStream.rangeClosed(1, OF_EACH_SERVICE).mapToObj(kind::name));
    }

    static Stream<String> ofBrokers() {
        return IntStream.rangeClosed(1, BROKERS).mapToObj(number -> "broker-" + number);
    }

    /** Differs by what it is: an address, or a folder of a container. */
    private static boolean isAPlace(String variable) {
        return variable.equals("SPRING_KAFKA_BOOTSTRAP_SERVERS")
                || variable.startsWith("SERVER_")
                || variable.endsWith("_DIR");
    }

    @Test
    void hasTheBrokersAndEveryServiceThatTheLauncherKnows() {
        assertThat(services().keySet())
                .containsExactlyInAnyOrderElementsOf(
                        Stream.concat(ofBrokers(), ofServices()).toList());
    }

    @ParameterizedTest
    @MethodSource("ofServices")
    void everyServiceIsToldWhatTheLauncherTellsIt(String name) {
        ServiceKind kind = ServiceKind.ofName(name).orElseThrow();
        StackOptions options = StackOptions.builder(HOME, HOME.resolve("nowhere"))
                .brokers(BROKERS)
                .gateways(OF_EACH_SERVICE)
                .coordinators(OF_EACH_SERVICE)
                .buildWorkers(OF_EACH_SERVICE)
                .turnWorkers(OF_EACH_SERVICE)
                .build();
        Map<String, String> launched = new TreeMap<>(new ServiceLauncher(options, new StackFolder(options.dataDir()))
                .environment(kind, name, 8080, "broker-1:9092"));
        Map<String, String> composed = environment(name);
        if (kind == ServiceKind.GATEWAY) {
            assertThat(composed.keySet()).containsAll(OF_CONTAINERS);
            composed.keySet().removeAll(OF_CONTAINERS);
        }

        assertThat(composed.keySet()).isEqualTo(launched.keySet());
        launched.keySet().removeIf(ComposeFileTest::isAPlace);
        assertThat(composed).containsAllEntriesOf(launched);
    }

    @ParameterizedTest
    @MethodSource("ofServices")
    void everyServiceFindsTheBrokersAndKeepsWhatItIsToKeep(String name) {
        Map<String, String> environment = environment(name);
        List<String> mounts = texts(service(name).get("volumes"));

        assertThat(environment.get("SPRING_KAFKA_BOOTSTRAP_SERVERS"))
                .isEqualTo(ofBrokers().map(it -> it + ":9092").collect(Collectors.joining(",")));
        environment.forEach((variable, value) -> {
            if (variable.endsWith("_DIR")) {
                assertThat(mounts).as(variable).anyMatch(it -> value.startsWith(it.split(":", -1)[1]));
            }
        });
        mounts.stream()
                .map(it -> it.split(":", -1)[0])
                .filter(it -> !it.startsWith("."))
                .forEach(it -> assertThat(members(FILE.get("volumes"))).containsKey(it));
    }

    private static List<String> texts(@Nullable Object list) {
        return list instanceof List<?> items
                ? items.stream().map(String::valueOf).toList()
                : List.of();
    }

    @ParameterizedTest
    @MethodSource("ofBrokers")
    void everyBrokerBehavesLikeTheEmbeddedOne(String name) {
        Map<String, String> behaviour = environment(name);
        assertThat(behaviour.keySet()).containsAll(PLACES_OF_BROKERS);
        behaviour.keySet().removeAll(PLACES_OF_BROKERS);
        assertThat(behaviour.remove("CLUSTER_ID")).matches("[A-Za-z0-9_-]{22}");

        assertThat(behaviour).isEqualTo(ContainerEnvironment.variables(BROKERS));
    }

    @ParameterizedTest
    @MethodSource("ofBrokers")
    void everyBrokerIsOfTheVersionThatThePomNames(String name) {
        Matcher version =
                Pattern.compile("<kafka.version>([^<]+)</kafka.version>").matcher(read("pom.xml"));
        assertThat(version.find()).isTrue();

        assertThat(service(name).get("image")).isEqualTo("apache/kafka:" + version.group(1));
        assertThat(environment(name).get("KAFKA_NODE_ID")).isEqualTo(name.substring("broker-".length()));
        assertThat(environment(name).get("KAFKA_ADVERTISED_LISTENERS")).isEqualTo("CLIENT://" + name + ":9092");
        assertThat(texts(service(name).get("volumes"))).containsExactly(name + ":/var/lib/kafka/data");
    }

    /** What it gives itself: the shutdown phases, of which Boot's default is 30 s, and what is closed after them. */
    @ParameterizedTest
    @MethodSource("ofServices")
    void nobodyKillsAServiceThatEndsInOrder(String name) {
        String module = ServiceKind.ofName(name).orElseThrow().module();
        Matcher phase = Pattern.compile("timeout-per-shutdown-phase: (\\d+)s")
                .matcher(read(module + "/src/main/resources/application.yaml"));
        Matcher after = Pattern.compile("AFTER_THE_PHASES = Duration.ofSeconds\\((\\d+)\\)")
                .matcher(read("service-kit/src/main/java/io/tailrace/service/life/LifeConfiguration.java"));
        assertThat(after.find()).isTrue();
        Duration own = Duration.ofSeconds(
                (phase.find() ? Long.parseLong(phase.group(1)) : 30) + Long.parseLong(after.group(1)));
        String grace = String.valueOf(service(name).get("stop_grace_period"));

        assertThat(OrderlyEnd.PATIENCE).isGreaterThanOrEqualTo(own);
        assertThat(grace).endsWith("s");
        assertThat(Duration.parse("PT" + grace)).isGreaterThanOrEqualTo(own);
    }

    @Test
    void onlyTheGatewaysAreReachedAndOnlyFromThisMachine() {
        services().forEach((name, service) -> {
            List<String> ports = texts(members(service).get("ports"));
            if (name.startsWith(ServiceKind.GATEWAY.label())) {
                assertThat(ports)
                        .singleElement()
                        .asString()
                        .startsWith("127.0.0.1:")
                        .endsWith(":8080");
            } else {
                assertThat(ports).as(name).isEmpty();
            }
            assertThat(members(service)).as(name).containsKey("healthcheck");
        });
    }

    @Test
    void theDockerfileHasTheTargetsOfTheServicesAndWhatBuildsNeed() {
        String dockerfile = read("Dockerfile");
        Set<String> targets = new TreeSet<>();
        ofServices().forEach(name -> {
            Object target = members(service(name).get("build")).get("target");
            assertThat(target).isEqualTo(ServiceKind.ofName(name).orElseThrow().label());
            targets.add(String.valueOf(target));
        });
        Matcher release = Pattern.compile("<maven.compiler.release>(\\d+)<").matcher(read("pom.xml"));
        assertThat(release.find()).isTrue();

        for (String target : targets) {
            assertThat(dockerfile).contains("FROM service AS " + target + "\n");
        }
        for (ServiceKind kind : ServiceKind.values()) {
            assertThat(dockerfile)
                    .contains("COPY " + kind.module() + "/target/" + kind.module() + "-*.jar " + kind.label());
            assertThat(read(".dockerignore")).contains("!" + kind.module() + "/target/" + kind.module() + "-*.jar");
        }
        assertThat(dockerfile.lines().filter(it -> it.startsWith("FROM ") && !it.startsWith("FROM service ")))
                .allMatch(it -> it.startsWith("FROM eclipse-temurin:" + release.group(1) + "-"));
        assertThat(dockerfile).contains("bubblewrap", "python3", "python3-venv");
    }

    @ParameterizedTest
    @MethodSource("ofServices")
    void everyServiceHasTheHeapOfTheLauncherAndRoomBesideIt(String name) {
        ServiceKind kind = ServiceKind.ofName(name).orElseThrow();
        assertThat(stage(kind.label()))
                .contains("CMD [\"" + String.join("\", \"", kind.memoryOptions()) + "\", \"-jar\", \"/app/app.jar\"]");
        assertThat(stage("service")).contains("ENTRYPOINT [\"java\", ").doesNotContain("RAMPercentage", "-Xm");

        assertThat(megabytes(String.valueOf(service(name).get("mem_limit"))))
                .isGreaterThanOrEqualTo(
                        2 * megabytes(kind.memoryOptions().getFirst().substring("-Xmx".length())));
    }

    /** What the Dockerfile says of one target. */
    private static String stage(String target) {
        String dockerfile = read("Dockerfile");
        int from = dockerfile.indexOf(" AS " + target + "\n");
        assertThat(from).as(target).isPositive();
        int next = dockerfile.indexOf("\nFROM ", from);
        return next < 0 ? dockerfile.substring(from) : dockerfile.substring(from, next);
    }

    private static long megabytes(String size) {
        long number = Long.parseLong(size.substring(0, size.length() - 1));
        return size.endsWith("g") ? number * 1024 : number;
    }

    @ParameterizedTest
    @MethodSource("ofServices")
    void aFolderIsAVolumeOnlyWhereItIsKept(String name) {
        Matcher declared = Pattern.compile("(?m)^VOLUME (.*)$")
                .matcher(stage(ServiceKind.ofName(name).orElseThrow().label()));
        List<String> kept = texts(service(name).get("volumes")).stream()
                .filter(it -> !it.startsWith("."))
                .map(it -> it.split(":", -1)[1])
                .toList();

        assertThat(declared.find() ? List.of(declared.group(1).split(" ", -1)) : List.<String>of())
                .as("what would be an anonymous volume if it were not named")
                .containsExactlyInAnyOrderElementsOf(kept);
        assertThat(stage("service")).doesNotContain("VOLUME");
    }

    @ParameterizedTest
    @MethodSource("ofBrokers")
    void aBrokerLeavesNoVolumeThatTheFileDoesNotName(String name) {
        // What apache/kafka's image declares besides its data.
        assertThat(texts(service(name).get("tmpfs"))).contains("/etc/kafka/secrets", "/mnt/shared/config");
    }

    @Test
    void whateverIsSlowToStartIsWaitedForAndAskedWithoutAJvm() {
        services().forEach((name, service) -> {
            Map<String, Object> check = members(members(service).get("healthcheck"));
            assertThat(check.get("start_period")).as(name).isEqualTo("5m");
            assertThat(texts(check.get("test")).get(1)).as(name).isIn("bash", "curl");
        });
        assertThat(read("Dockerfile")).contains("--no-install-recommends curl");
    }

    @Test
    void theAccountOfTheServicesIsOfTheRangeOfItsNumber() {
        String command = read("Dockerfile")
                .lines()
                .filter(it -> it.contains("useradd "))
                .findFirst()
                .orElseThrow();
        // A system account's number is below 1000; another one is warned of at every build.
        assertThat(command).contains("--uid 10001").doesNotContain("--system");
    }

    @Test
    void theOverrideForIsolationAllowsIsolationAloneAndToBuildWorkersAlone() {
        Map<String, Object> override =
                members(tree(read("docker-compose.isolation.yml")).get("services"));
        assertThat(override.keySet())
                .containsExactlyInAnyOrderElementsOf(ofServices()
                        .filter(it -> it.startsWith(ServiceKind.BUILD_WORKER.label()))
                        .toList());
        override.forEach((name, service) -> {
            Map<String, Object> said = members(service);
            assertThat(said.keySet()).containsExactlyInAnyOrder("security_opt", "environment");
            assertThat(texts(said.get("security_opt"))).containsExactly("seccomp=unconfined", "systempaths=unconfined");
            // 'auto' would go on without.
            assertThat(members(said.get("environment")))
                    .isEqualTo(Map.of("TAILRACE_WORKER_ISOLATION_MODE", "bubblewrap"));
            // Lists of both files are one list; nothing of these is taken back.
            assertThat(texts(service(name).get("security_opt"))).containsExactly("no-new-privileges:true");
            assertThat(texts(service(name).get("cap_drop"))).containsExactly("ALL");
        });
    }
}
