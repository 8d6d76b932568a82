package io.tailrace.local.stack;

import io.tailrace.local.broker.BrokerSettings;
import io.tailrace.local.broker.BrokerStartException;
import io.tailrace.local.broker.EmbeddedBroker;
import io.tailrace.local.broker.EmbeddedCluster;
import io.tailrace.local.process.ChildProcess;
import io.tailrace.local.process.FreePorts;
import io.tailrace.local.security.StackSecurity;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Consumer;

/**
 * Kafka and all services on this machine, each in a process of its own, on one data folder. The processes outlive this
 * object unless the options say {@code attached}; {@link #close} ends them in order. Confined to one thread at a time;
 * with {@code restarting} a thread of its own starts again what dies.
 */
public final class LocalStack implements AutoCloseable {

    private static final int KAFKA_PORT = 9092;
    private static final Duration PATIENCE_WHEN_RECORDING = Duration.ofMinutes(3);

    private final StackOptions options;
    private final StackFolder folder;
    private final ServiceLauncher launcher;
    private final String bootstrapServers;
    /** Guarded by itself: the supervisor looks at it too. */
    private final SequencedMap<String, StackMember> members = new LinkedHashMap<>();

    private Optional<Supervisor> supervisor = Optional.empty();

    private LocalStack(StackOptions options, StackFolder folder, ServiceLauncher launcher, String bootstrapServers) {
        this.options = options;
        this.folder = folder;
        this.launcher = launcher;
        this.bootstrapServers = bootstrapServers;
    }

    public static LocalStack start(StackOptions options) throws IOException {
        return start(options, (name, duration) -> {});
    }

    /**
     * Returns when every process is ready to work. With {@code restarting}, and processes that run on the folder without
     * the supervisor that they had, it takes these over and returns at once; what is missing starts soon.
     *
     * @param news each process that has become ready; later, what died and is started again
     * @throws StackStartException when the folder or a port is in use, Kafka cannot be reached, a jar is missing, or a
     *     process ends or takes too long; nothing is left running then
     * @throws BrokerStartException the same of a broker
     */
    public static LocalStack start(StackOptions options, StackNews news) throws IOException {
        StackFolder folder = new StackFolder(options.dataDir());
        FileLock lock = folder.lock();
        try {
            folder.restrict();
            folder.sweep();
            LocalStack stack = startOrTakeOver(options, folder, news);
            if (options.restarting()) {
                stack.supervisor = Optional.of(Supervisor.begin(
                        folder, options.commandLine(), stack::members, renewal(options, folder, news), news));
            }
            return stack;
        } finally {
            lock.channel().close();
        }
    }

    private static Runnable renewal(StackOptions options, StackFolder folder, StackNews news) {
        return () -> {
            try {
                if (options.secure() && folder.security().renewIfDue()) {
                    news.said("The brokers have a new certificate");
                }
            } catch (IOException | RuntimeException failed) {
                news.said("Cannot renew the brokers' certificate: " + failed);
            }
        };
    }

    private static LocalStack startOrTakeOver(StackOptions options, StackFolder folder, StackNews news)
            throws IOException {
        Optional<StackSecurity> security = SecureMode.prepare(options, folder);
        if (options.restarting() && TakeOver.isCalledFor(options, folder)) {
            StackRecord last = folder.read().orElse(StackRecord.NONE);
            LocalStack stack =
                    new LocalStack(options, folder, new ServiceLauncher(options, folder), last.bootstrapServers());
            TakeOver.members(options, folder, last, stack.launcher, brokerSettings(options, security))
                    .forEach(stack::add);
            return stack;
        }
        refuseIfRunning(folder);
        List<Integer> gatewayPorts = gatewayPorts(options);
        return startOrLeaveNothing(options, folder, security, gatewayPorts, news);
    }

    private static LocalStack startOrLeaveNothing(
            StackOptions options,
            StackFolder folder,
            Optional<StackSecurity> security,
            List<Integer> gatewayPorts,
            StackNews news)
            throws IOException {
        ServiceLauncher launcher = new ServiceLauncher(options, folder);
        launcher.takeJarsApart(options.kinds());
        boolean complete = false;
        try (StartGuard guard = StartGuard.over(folder)) {
            LocalStack stack = guard.forking(() -> startKafka(options, folder, security, launcher, news));
            stack.startServices(gatewayPorts, guard, news);
            complete = true;
            return stack;
        } finally {
            if (!complete) {
                OrderlyEnd.of(folder, OrderlyEnd.PATIENCE, name -> {});
            }
        }
    }

    private static void refuseIfRunning(StackFolder folder) throws IOException {
        NavigableMap<String, ChildProcess> running = folder.running();
        if (!running.isEmpty()) {
            throw new StackStartException("A stack is running on the data folder " + folder.path() + " already ("
                    + String.join(", ", running.keySet())
                    + "). See it with 'tailrace status', end it with 'tailrace down', or use another folder with --data"
                    + " and another --port");
        }
    }

    private static List<Integer> gatewayPorts(StackOptions options) throws IOException {
        if (options.gatewayPort() == 0) {
            return FreePorts.pick(options.gateways());
        }
        List<Integer> ports = new ArrayList<>();
        for (int i = 0; i < options.gateways(); i++) {
            int port = options.gatewayPort() + i;
            if (!FreePorts.isFree(port)) {
                throw new StackStartException("Port " + port + " is in use by another program; gateway-" + (i + 1)
                        + " was to listen on it. End that program, or choose another port with --port");
            }
            ports.add(port);
        }
        return ports;
    }

    private static LocalStack startKafka(
            StackOptions options,
            StackFolder folder,
            Optional<StackSecurity> security,
            ServiceLauncher launcher,
            StackNews news)
            throws IOException {
        long began = System.nanoTime();
        if (options.bootstrapServers().isPresent()) {
            ExternalKafka.requireReachable(options.bootstrapServers().get(), options.startLimit());
            return new LocalStack(
                    options, folder, launcher, options.bootstrapServers().get());
        }
        EmbeddedCluster cluster =
                EmbeddedCluster.start(folder.kafka(), options.brokers(), brokerSettings(options, security));
        if (security.isPresent()) {
            security.get().admit(cluster.bootstrapServers());
        }
        LocalStack stack = new LocalStack(options, folder, launcher, cluster.bootstrapServers());
        for (EmbeddedBroker broker : cluster.brokers()) {
            BrokerMember member = new BrokerMember(broker);
            stack.add(member);
            news.ready(member.name(), Duration.ofNanos(System.nanoTime() - began));
        }
        return stack;
    }

    private static BrokerSettings brokerSettings(StackOptions options, Optional<StackSecurity> security) {
        boolean usualPortIsFree = options.gatewayPort() != 0 && options.brokers() == 1 && FreePorts.isFree(KAFKA_PORT);
        BrokerSettings open = BrokerSettings.durable(usualPortIsFree ? KAFKA_PORT : 0)
                .withJvmOptions(options.jvmOptions())
                .withCacheIn(FastStart.brokerCacheFolder(options.home()));
        BrokerSettings settings =
                security.map(StackSecurity::broker).map(open::securedBy).orElse(open);
        BrokerSettings recording = options.recordingInto()
                .map(folder -> settings.recordingTo(FastStart.recording(folder, "broker")))
                .orElse(settings);
        return options.attached() ? recording.endingWithParent() : recording;
    }

    private void startServices(List<Integer> gatewayPorts, StartGuard guard, StackNews news) throws IOException {
        List<ServiceMember> starting = guard.forking(() -> {
            List<ServiceMember> launched = new ArrayList<>();
            int others = options.services().size() - gatewayPorts.size();
            for (String name : options.services()) {
                int gateway = name.startsWith(ServiceKind.GATEWAY.label()) ? launched.size() - others : -1;
                launched.add(launch(name, gateway < 0 ? freePort() : gatewayPorts.get(gateway), Map.of()));
            }
            return launched;
        });
        writeRecord();
        try {
            awaitAll(starting, news);
        } catch (StackStartException failed) {
            guard.requireNotEnded();
            throw failed;
        }
    }

    private static void awaitAll(List<ServiceMember> starting, StackNews news) {
        long began = System.nanoTime();
        List<ServiceMember> waiting = new ArrayList<>(starting);
        while (!waiting.isEmpty()) {
            List<ServiceMember> ready =
                    waiting.stream().filter(it -> it.isReady(began)).toList();
            ready.forEach(member -> news.ready(member.name(), Duration.ofNanos(System.nanoTime() - began)));
            waiting.removeAll(ready);
            if (!waiting.isEmpty()) {
                waiting.getFirst().waitAMoment();
            }
        }
    }

    private static int freePort() throws IOException {
        return FreePorts.pick(1).getFirst();
    }

    private ServiceMember launch(String name, int port, Map<String, String> environment) throws IOException {
        ServiceMember member = launcher.launch(name, port, bootstrapServers, environment);
        add(member);
        return member;
    }

    private void add(StackMember member) {
        synchronized (members) {
            members.put(member.name(), member);
        }
    }

    private Optional<StackMember> find(String name) {
        synchronized (members) {
            return Optional.ofNullable(members.get(name));
        }
    }

    private void writeRecord() throws IOException {
        Map<String, Integer> ports = new HashMap<>();
        members().forEach(member -> ports.put(member.name(), member.port()));
        folder.write(new StackRecord(bootstrapServers, ports));
    }

    /**
     * Starts one more service, or one of this name anew with another environment; returns when it is ready.
     *
     * @param name {@code build-worker-3}
     * @param environment added to what the options give it
     */
    public StackMember start(String name, Map<String, String> environment) throws IOException {
        Optional<StackMember> before = find(name);
        int port = before.isPresent() ? before.get().port() : freePort();
        before.ifPresent(StackMember::stop);
        ServiceMember member = launch(name, port, environment);
        writeRecord();
        member.awaitReady();
        return member;
    }

    /**
     * The process of this name.
     *
     * @throws IllegalArgumentException when there is none
     */
    public StackMember member(String name) {
        return find(name)
                .orElseThrow(() -> new IllegalArgumentException("there is no " + name + " among "
                        + members().stream().map(StackMember::name).toList()));
    }

    public Collection<StackMember> members() {
        synchronized (members) {
            return List.copyOf(members.values());
        }
    }

    /** Address of a gateway, counted from 1. */
    public URI gateway(int number) {
        return URI.create(
                "http://127.0.0.1:" + member(ServiceKind.GATEWAY.name(number)).port());
    }

    public String bootstrapServers() {
        return bootstrapServers;
    }

    /**
     * Settings of a Kafka client that logs in to the stack's own brokers.
     *
     * @param user the label of a {@link ServiceKind}, or {@link StackSecurity#ADMIN}
     * @throws IllegalStateException when they ask nobody who he is
     */
    public Map<String, Object> kafkaClient(String user) throws IOException {
        if (!options.secure()) {
            throw new IllegalStateException("the stack on " + folder.path() + " is not secured");
        }
        return folder.security().client(user);
    }

    public Path dataDir() {
        return folder.path();
    }

    /** Returns when nothing is started again any more: another command has ended the stack or taken it over. */
    public void awaitEndOfSupervision() throws InterruptedException {
        if (supervisor.isPresent()) {
            supervisor.get().awaitEnd();
        }
    }

    /** Ends every process in order; the data stays. Nothing happens if another command has taken the stack over. */
    @Override
    public void close() throws IOException {
        close(name -> {});
    }

    /**
     * The same.
     *
     * @param told the name of each process that has ended
     */
    public void close(Consumer<String> told) throws IOException {
        if (supervisor.isPresent()) {
            supervisor.get().end();
            if (folder.supervisor().responsible() == SupervisorRecord.Responsible.ANOTHER) {
                return;
            }
        }
        boolean isRecording = options.recordingInto().isPresent();
        OrderlyEnd.of(folder, isRecording ? PATIENCE_WHEN_RECORDING : OrderlyEnd.PATIENCE, told);
    }
}
