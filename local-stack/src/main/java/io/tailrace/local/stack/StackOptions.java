package io.tailrace.local.stack;

import io.tailrace.local.process.JavaCommand;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * What a stack consists of. Immutable; made by its {@link Builder}.
 *
 * @param home the checkout or installation with the services' jars
 * @param dataDir everything that is kept, including Kafka's data
 * @param gatewayPort of the first gateway, the others take the next ones; 0 takes free ports
 * @param brokers 1, or 3 and more; of no meaning with {@code bootstrapServers}
 * @param partitions of the topics; empty for the services' own default
 * @param bootstrapServers a Kafka cluster that is there already; empty for embedded brokers
 * @param secure the embedded brokers let nobody in who does not log in, and give each service its own rights
 * @param recipesDir the operator's recipes; empty for {@code home/recipes}
 * @param providersFile the operator's providers of language models; empty for the scripted one alone
 * @param adhocPhases whether builds may bring their own phases
 * @param attached the processes end when this one does, however that happens
 * @param restarting what dies is started again, as long as this process is there
 * @param inherited the environment that the processes get what they need of
 * @param environment added for processes, by name ("gateway-1") or kind ("gateway")
 * @param startLimit how long a process may take until it is ready
 * @param jvmOptions of every process, besides the usual ones
 * @param debugPorts services, by name, at which a debugger may attach, and the TCP port of 127.0.0.1 for each
 * @param recordingInto where the services leave what AOT caches are made of; empty for a stack that is used
 */
public record StackOptions(
        Path home,
        Path dataDir,
        int gatewayPort,
        int brokers,
        int gateways,
        int coordinators,
        int buildWorkers,
        int turnWorkers,
        Optional<Integer> partitions,
        Optional<String> bootstrapServers,
        boolean secure,
        Optional<Path> recipesDir,
        Optional<Path> providersFile,
        boolean adhocPhases,
        boolean attached,
        boolean restarting,
        Map<String, String> inherited,
        Map<String, Map<String, String>> environment,
        Duration startLimit,
        List<String> jvmOptions,
        Map<String, Integer> debugPorts,
        Optional<Path> recordingInto) {

    public StackOptions {
        require(gatewayPort >= 0 && gatewayPort + gateways <= 65_536, "--port", gatewayPort, "a TCP port");
        require(brokers == 1 || (brokers >= 3 && brokers <= 9), "--brokers", brokers, "1, or 3 to 9");
        require(gateways >= 1 && gateways <= 20, "--gateways", gateways, "1 to 20");
        require(coordinators >= 1 && coordinators <= 20, "--coordinators", coordinators, "1 to 20");
        require(buildWorkers >= 0 && buildWorkers <= 100, "--build-workers", buildWorkers, "0 to 100");
        require(turnWorkers >= 0 && turnWorkers <= 100, "--turn-workers", turnWorkers, "0 to 100");
        partitions.ifPresent(count -> require(count >= 1 && count <= 1_000, "--partitions", count, "1 to 1000"));
        if (secure && bootstrapServers.isPresent()) {
            throw new IllegalArgumentException(
                    "--secure starts a secured Kafka, and --bootstrap-servers names one that is"
                            + " there already: give the services its settings, see docs/connecting.md");
        }
        inherited = Map.copyOf(inherited);
        environment = Map.copyOf(environment);
        jvmOptions = List.copyOf(jvmOptions);
        debugPorts = Map.copyOf(debugPorts);
        requireDebugPorts(debugPorts, names(coordinators, buildWorkers, turnWorkers, gateways));
    }

    private static void requireDebugPorts(Map<String, Integer> ports, List<String> services) {
        ports.forEach((name, port) -> {
            if (!services.contains(name)) {
                throw new IllegalArgumentException(
                        "--debug names " + name + ", and the services are " + String.join(", ", services));
            }
            require(port >= 1 && port <= 65_535, "--debug " + name, port, "a TCP port, 1 to 65535");
        });
        if (new HashSet<>(ports.values()).size() < ports.size()) {
            throw new IllegalArgumentException("--debug must give each service a port of its own");
        }
    }

    private static void require(boolean good, String option, int value, String allowed) {
        if (!good) {
            throw new IllegalArgumentException(option + " must be " + allowed + ", not " + value);
        }
    }

    /** The names of the services, gateways last. */
    List<String> services() {
        return names(coordinators, buildWorkers, turnWorkers, gateways);
    }

    private static List<String> names(int coordinators, int buildWorkers, int turnWorkers, int gateways) {
        List<String> names = new ArrayList<>();
        add(names, ServiceKind.COORDINATOR, coordinators);
        add(names, ServiceKind.BUILD_WORKER, buildWorkers);
        add(names, ServiceKind.TURN_WORKER, turnWorkers);
        add(names, ServiceKind.GATEWAY, gateways);
        return names;
    }

    private static void add(List<String> names, ServiceKind kind, int count) {
        IntStream.rangeClosed(1, count).mapToObj(kind::name).forEach(names::add);
    }

    /** As {@code tailrace up} would be told, so that a person can tell it again. */
    String commandLine() {
        StringJoiner words = new StringJoiner(" ");
        words.add("--port " + gatewayPort);
        bootstrapServers.ifPresentOrElse(
                servers -> words.add("--bootstrap-servers " + servers), () -> words.add("--brokers " + brokers));
        if (secure) {
            words.add("--secure");
        }
        words.add("--gateways " + gateways);
        words.add("--coordinators " + coordinators);
        words.add("--build-workers " + buildWorkers);
        words.add("--turn-workers " + turnWorkers);
        partitions.ifPresent(count -> words.add("--partitions " + count));
        recipesDir.ifPresent(folder -> words.add("--recipes " + folder.toAbsolutePath()));
        providersFile.ifPresent(file -> words.add("--providers " + file.toAbsolutePath()));
        if (adhocPhases) {
            words.add("--adhoc-phases");
        }
        new TreeMap<>(debugPorts).forEach((name, port) -> words.add("--debug " + name + "=" + port));
        return words.toString();
    }

    /** The services that there is at least one of. */
    Set<ServiceKind> kinds() {
        Set<ServiceKind> kinds = EnumSet.of(ServiceKind.GATEWAY, ServiceKind.COORDINATOR);
        if (buildWorkers > 0) {
            kinds.add(ServiceKind.BUILD_WORKER);
        }
        if (turnWorkers > 0) {
            kinds.add(ServiceKind.TURN_WORKER);
        }
        return kinds;
    }

    /** A stack as {@code tailrace up} starts it. */
    public static Builder builder(Path home, Path dataDir) {
        return new Builder(home, dataDir);
    }

    /** A stack on free ports that ends with this process and lives for so short that its code is compiled once, soon. */
    public static Builder forTests(Path dataDir) {
        return forBenchmarks(dataDir).jvmOptions(JavaCommand.SHORT_LIVED);
    }

    /** A stack on free ports that ends with this process, and runs like any other. */
    public static Builder forBenchmarks(Path dataDir) {
        return new Builder(TailraceHome.locate(), dataDir)
                .gatewayPort(0)
                .attached(true)
                .adhocPhases(true);
    }

    /** Not thread-safe. */
    public static final class Builder {

        private final Path home;
        private final Path dataDir;
        private final Map<String, Map<String, String>> environment = new HashMap<>();
        private Map<String, String> inherited = System.getenv();
        private int gatewayPort = 8080;
        private int brokers = 1;
        private int gateways = 1;
        private int coordinators = 1;
        private int buildWorkers = 2;
        private int turnWorkers;
        private Optional<Integer> partitions = Optional.empty();
        private Optional<String> bootstrapServers = Optional.empty();
        private Optional<Path> recipesDir = Optional.empty();
        private Optional<Path> providersFile = Optional.empty();
        private Optional<Path> recordingInto = Optional.empty();
        private boolean secure;
        private boolean adhocPhases;
        private boolean attached;
        private boolean restarting;
        private Duration startLimit = Duration.ofMinutes(2);
        private List<String> jvmOptions = List.of();
        private Map<String, Integer> debugPorts = Map.of();

        private Builder(Path home, Path dataDir) {
            this.home = home;
            this.dataDir = dataDir;
        }

        public Builder gatewayPort(int value) {
            gatewayPort = value;
            return this;
        }

        public Builder brokers(int value) {
            brokers = value;
            return this;
        }

        public Builder gateways(int value) {
            gateways = value;
            return this;
        }

        public Builder coordinators(int value) {
            coordinators = value;
            return this;
        }

        public Builder buildWorkers(int value) {
            buildWorkers = value;
            return this;
        }

        /** None unless told otherwise. */
        public Builder turnWorkers(int value) {
            turnWorkers = value;
            return this;
        }

        public Builder providersFile(Path value) {
            providersFile = Optional.of(value);
            return this;
        }

        public Builder partitions(int value) {
            partitions = Optional.of(value);
            return this;
        }

        public Builder bootstrapServers(String value) {
            bootstrapServers = Optional.of(value);
            return this;
        }

        /** Off unless told otherwise. */
        public Builder secure(boolean value) {
            secure = value;
            return this;
        }

        public Builder recipesDir(Path value) {
            recipesDir = Optional.of(value);
            return this;
        }

        public Builder adhocPhases(boolean value) {
            adhocPhases = value;
            return this;
        }

        public Builder attached(boolean value) {
            attached = value;
            return this;
        }

        /** Off unless told otherwise: a test that kills something does not want it back. */
        public Builder restarting(boolean value) {
            restarting = value;
            return this;
        }

        Builder recordingInto(Path value) {
            recordingInto = Optional.of(value);
            return this;
        }

        public Builder startLimit(Duration value) {
            startLimit = value;
            return this;
        }

        public Builder jvmOptions(List<String> value) {
            jvmOptions = value;
            return this;
        }

        /** None unless told otherwise. */
        public Builder debugPorts(Map<String, Integer> value) {
            debugPorts = value;
            return this;
        }

        /** This process's own unless told otherwise. */
        public Builder inherited(Map<String, String> value) {
            inherited = value;
            return this;
        }

        /** Adds a variable for a process ({@code gateway-1}) or for all of a kind ({@code gateway}). */
        public Builder environment(String nameOrKind, String variable, String value) {
            environment.computeIfAbsent(nameOrKind, absent -> new HashMap<>()).put(variable, value);
            return this;
        }

        public StackOptions build() {
            return new StackOptions(
                    home.toAbsolutePath().normalize(),
                    dataDir.toAbsolutePath().normalize(),
                    gatewayPort,
                    brokers,
                    gateways,
                    coordinators,
                    buildWorkers,
                    turnWorkers,
                    partitions,
                    bootstrapServers,
                    secure,
                    recipesDir,
                    providersFile,
                    adhocPhases,
                    attached,
                    restarting,
                    inherited,
                    environment,
                    startLimit,
                    jvmOptions,
                    debugPorts,
                    recordingInto);
        }
    }
}
