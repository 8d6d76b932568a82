package io.tailrace.local.broker;

import io.tailrace.local.process.ChildProcess;
import io.tailrace.local.process.FreePorts;
import io.tailrace.local.process.InheritedEnvironment;
import io.tailrace.local.process.Launch;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.Uuid;

/**
 * A Kafka broker in a process of its own, with a folder that survives it. Started by one thread at a time, signalled by
 * any; starting blocks until the broker serves clients (at most {@link #START_LIMIT}).
 */
public final class EmbeddedBroker implements AutoCloseable {

    static final Duration START_LIMIT = Duration.ofSeconds(90);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(20);
    private static final Duration POLL = Duration.ofMillis(20);

    private final BrokerNode node;
    private final List<BrokerNode> cluster;
    private final BrokerFolder folder;
    private final BrokerSettings settings;
    private volatile ChildProcess process;

    private EmbeddedBroker(
            BrokerNode node,
            List<BrokerNode> cluster,
            BrokerFolder folder,
            BrokerSettings settings,
            ChildProcess process) {
        this.node = node;
        this.cluster = List.copyOf(cluster);
        this.folder = folder;
        this.settings = settings;
        this.process = process;
    }

    /**
     * Starts a broker that is a cluster of its own, on a new folder or on one that an earlier broker left.
     *
     * @throws BrokerStartException when the folder or the port is taken, or the broker ends early
     */
    public static EmbeddedBroker start(Path folder, BrokerSettings settings) throws IOException {
        return EmbeddedCluster.start(List.of(folder), settings).getFirst();
    }

    /** Launches without waiting; {@link #awaitReady} completes the start. */
    static EmbeddedBroker launch(
            BrokerNode node, List<BrokerNode> cluster, Path path, String clusterId, BrokerSettings settings)
            throws IOException {
        BrokerFolder folder = new BrokerFolder(path);
        folder.requireUnused();
        if (!FreePorts.isFree(node.clientPort())) {
            throw new BrokerStartException("Port " + node.clientPort() + " is taken by another program; a Kafka broker"
                    + " was to listen on it. Stop that program or choose another port");
        }
        folder.prepare(clusterId, BrokerProperties.of(node, cluster, folder.logDir(), settings));
        return new EmbeddedBroker(node, cluster, folder, settings, fork(folder, settings));
    }

    private static ChildProcess fork(BrokerFolder folder, BrokerSettings settings) throws IOException {
        List<String> arguments = new ArrayList<>();
        arguments.add(folder.path().toAbsolutePath().toString());
        if (settings.exitWithParent()) {
            arguments.add(BrokerMain.EXIT_WITH_PARENT);
        }
        settings.security().ifPresent(it -> {
            arguments.add(BrokerMain.USERS);
            arguments.add(it.users().toString());
            arguments.add(BrokerMain.WATCHED);
            arguments.add(it.certificate().toString());
        });
        return new Launch(
                        BrokerProgram.command(settings, folder, arguments),
                        InheritedEnvironment.basic(System.getenv()),
                        folder.path(),
                        folder.output(),
                        folder.pidFile(),
                        settings.exitWithParent())
                .start();
    }

    /**
     * A broker that an earlier process of ours started, whether it still runs or not.
     *
     * @throws BrokerStartException when the folder does not say where it listens
     */
    static EmbeddedBroker attach(BrokerNode node, List<BrokerNode> cluster, Path path, BrokerSettings settings)
            throws IOException {
        BrokerFolder folder = new BrokerFolder(path);
        return new EmbeddedBroker(node, cluster, folder, settings, ChildProcess.recorded(folder.pidFile()));
    }

    /** Returns when the broker serves clients; see {@link #start} for what it throws. */
    public void awaitReady() throws IOException {
        long deadline = System.nanoTime() + START_LIMIT.toNanos();
        while (!folder.isReady(process.pid())) {
            if (process.awaitEnd(POLL)) {
                throw new BrokerStartException("The Kafka broker ended while starting:" + folder.lastWords());
            }
            if (System.nanoTime() > deadline) {
                process.kill();
                throw new BrokerStartException("The Kafka broker was not ready after "
                        + TimeUnit.NANOSECONDS.toSeconds(START_LIMIT.toNanos()) + " s:" + folder.lastWords());
            }
        }
    }

    static String newClusterId() {
        return Uuid.randomUuid().toString();
    }

    public int id() {
        return node.id();
    }

    public int port() {
        return node.clientPort();
    }

    /** Address of this broker alone. */
    public String bootstrapServers() {
        return node.clientAddress();
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** The broker's own log file. */
    public Path log() {
        return folder.log();
    }

    /** Where this process's {@code pid} stands. */
    public Path pidFile() {
        return folder.pidFile();
    }

    /** What it said last, for a message to a person. */
    public String lastWords() throws IOException {
        return folder.lastWords();
    }

    /** Its process, to be signalled. */
    public ChildProcess process() {
        return process;
    }

    /** SIGKILL: the folder is left as a power cut would leave it. */
    public void killHard() {
        process.kill();
    }

    /** Ends it in order; the folder stays. */
    public void stop() {
        process.stop(STOP_PATIENCE);
    }

    /** Stops it if it runs, and starts it again on the same folder and ports. */
    public void restart() throws IOException {
        restartWithoutWaiting();
        awaitReady();
    }

    /** Like {@link #restart}, for a broker whose cluster cannot be ready before others are back too. */
    public void restartWithoutWaiting() throws IOException {
        stop();
        folder.requireUnused();
        folder.prepare(newClusterId(), BrokerProperties.of(node, cluster, folder.logDir(), settings));
        process = fork(folder, settings);
    }

    @Override
    public void close() {
        stop();
    }
}
