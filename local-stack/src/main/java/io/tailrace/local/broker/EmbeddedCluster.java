package io.tailrace.local.broker;

import io.tailrace.local.process.FreePorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Brokers of one machine that form one cluster, each of them controller too. With three or more of them topics have
 * replication factor 3 and min ISR 2. Confined to one thread at a time.
 */
public final class EmbeddedCluster implements AutoCloseable {

    private static final int PORT_ATTEMPTS = 3;

    private final List<EmbeddedBroker> brokers;

    private EmbeddedCluster(List<EmbeddedBroker> brokers) {
        this.brokers = List.copyOf(brokers);
    }

    /**
     * Starts {@code count} brokers in {@code folder/broker-1}, {@code broker-2}, … A fixed port of the settings is the
     * first broker's; the others take the next ones.
     *
     * @throws BrokerStartException see {@link EmbeddedBroker#start}; also for a folder of a cluster of another size
     */
    public static EmbeddedCluster start(Path folder, int count, BrokerSettings settings) throws IOException {
        if (count != 1 && count < 3) {
            throw new IllegalArgumentException("a cluster has one broker, or three and more: " + count);
        }
        int before = existing(folder);
        if (before != 0 && before != count) {
            throw new BrokerStartException("The data in " + folder + " belongs to a cluster of " + before
                    + " broker(s); it cannot be started with " + count + ". Use --brokers " + before
                    + " or another data folder");
        }
        List<Path> folders = IntStream.rangeClosed(1, count)
                .mapToObj(id -> folder.resolve("broker-" + id))
                .toList();
        return new EmbeddedCluster(start(folders, settings));
    }

    /**
     * The cluster in {@code folder} as an earlier process left it, with the ports that it had: brokers that run, and
     * brokers that have ended.
     *
     * @throws BrokerStartException when that is a cluster of another size, or a folder does not tell its ports
     */
    public static EmbeddedCluster attach(Path folder, int count, BrokerSettings settings) throws IOException {
        if (existing(folder) != count) {
            throw new BrokerStartException("The data in " + folder + " belongs to a cluster of " + existing(folder)
                    + " broker(s), not " + count);
        }
        List<BrokerNode> nodes = new ArrayList<>();
        for (int id = 1; id <= count; id++) {
            nodes.add(new BrokerFolder(folder.resolve("broker-" + id)).node());
        }
        List<EmbeddedBroker> brokers = new ArrayList<>();
        for (BrokerNode node : nodes) {
            brokers.add(EmbeddedBroker.attach(node, nodes, folder.resolve("broker-" + node.id()), settings));
        }
        return new EmbeddedCluster(brokers);
    }

    private static int existing(Path folder) {
        return (int) IntStream.rangeClosed(1, 99)
                .takeWhile(id -> Files.exists(folder.resolve("broker-" + id).resolve(BrokerMain.CLUSTER_ID)))
                .count();
    }

    static List<EmbeddedBroker> start(List<Path> folders, BrokerSettings settings) throws IOException {
        return start(folders, settings, PORT_ATTEMPTS);
    }

    private static List<EmbeddedBroker> start(List<Path> folders, BrokerSettings settings, int attempts)
            throws IOException {
        try {
            return startOnce(folders, settings);
        } catch (BrokerStartException failed) {
            if (settings.port() != 0 || attempts == 1 || !isPortClash(failed)) {
                throw failed;
            }
            return start(folders, settings, attempts - 1);
        }
    }

    private static boolean isPortClash(BrokerStartException failed) {
        String message = String.valueOf(failed.getMessage());
        return message.contains("Address already in use") || message.contains("is taken by another program");
    }

    private static List<EmbeddedBroker> startOnce(List<Path> folders, BrokerSettings settings) throws IOException {
        List<BrokerNode> nodes = nodes(folders.size(), settings.port());
        String clusterId = clusterId(folders.getFirst());
        List<EmbeddedBroker> started = new ArrayList<>();
        boolean complete = false;
        try {
            for (int i = 0; i < nodes.size(); i++) {
                started.add(EmbeddedBroker.launch(nodes.get(i), nodes, folders.get(i), clusterId, settings));
            }
            for (EmbeddedBroker broker : started) {
                broker.awaitReady();
            }
            complete = true;
            return started;
        } finally {
            if (!complete) {
                started.forEach(EmbeddedBroker::killHard);
            }
        }
    }

    private static List<BrokerNode> nodes(int count, int firstPort) throws IOException {
        List<Integer> free = FreePorts.pick(3 * count);
        return IntStream.range(0, count)
                .mapToObj(i -> new BrokerNode(
                        i + 1,
                        firstPort == 0 ? free.get(i) : firstPort + i,
                        free.get(count + i),
                        free.get(2 * count + i)))
                .toList();
    }

    private static String clusterId(Path firstFolder) throws IOException {
        Path file = firstFolder.resolve(BrokerMain.CLUSTER_ID);
        return Files.exists(file) ? Files.readString(file).trim() : EmbeddedBroker.newClusterId();
    }

    public List<EmbeddedBroker> brokers() {
        return brokers;
    }

    public String bootstrapServers() {
        return brokers.stream().map(EmbeddedBroker::bootstrapServers).collect(Collectors.joining(","));
    }

    @Override
    public void close() {
        brokers.forEach(broker -> broker.process().terminate());
        brokers.forEach(EmbeddedBroker::stop);
    }
}
