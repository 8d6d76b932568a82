package io.tailrace.local.broker;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The configuration of a broker of the embedded cluster. The controller quorum is the static one
 * ({@code controller.quorum.voters}), because its addresses then come from the configuration alone and a data folder
 * can be started again on other ports.
 */
final class BrokerProperties {

    static final String HOST = "127.0.0.1";

    private BrokerProperties() {}

    static Map<String, String> of(BrokerNode node, List<BrokerNode> cluster, Path logDir, BrokerSettings settings) {
        Map<String, String> all = new TreeMap<>(behaviour(cluster.size()));
        all.put("node.id", Integer.toString(node.id()));
        all.put("process.roles", "broker,controller");
        String client = "CLIENT://" + node.clientAddress();
        String controller = "CONTROLLER://" + node.controllerAddress();
        if (settings.security().isPresent()) {
            String broker = "BROKER://" + node.brokerAddress();
            all.put("listeners", client + "," + controller + "," + broker);
            all.put("advertised.listeners", client + "," + broker);
            all.put("listener.security.protocol.map", "CLIENT:SASL_SSL,CONTROLLER:SSL,BROKER:SSL");
            all.put("inter.broker.listener.name", "BROKER");
            all.putAll(settings.security().get().properties());
        } else {
            all.put("listeners", client + "," + controller);
            all.put("advertised.listeners", client);
            all.put("listener.security.protocol.map", "CLIENT:PLAINTEXT,CONTROLLER:PLAINTEXT");
            all.put("inter.broker.listener.name", "CLIENT");
        }
        all.put("controller.listener.names", "CONTROLLER");
        all.put(
                "controller.quorum.voters",
                cluster.stream().map(BrokerNode::voter).collect(Collectors.joining(",")));
        all.put("log.dirs", logDir.toAbsolutePath().toString());
        all.putAll(settings.overrides());
        return all;
    }

    /** The node that such a configuration belongs to; empty for one that is not of ours. */
    static Optional<BrokerNode> node(Properties configuration) {
        Matcher listeners = Pattern.compile(
                        "CLIENT://[^:,]*:([0-9]{1,5}),CONTROLLER://[^:,]*:([0-9]{1,5})(?:,BROKER://[^:,]*:([0-9]{1,5}))?")
                .matcher(configuration.getProperty("listeners", ""));
        String id = configuration.getProperty("node.id", "");
        return listeners.matches() && id.matches("[1-9][0-9]?")
                ? Optional.of(new BrokerNode(
                        Integer.parseInt(id),
                        Integer.parseInt(listeners.group(1)),
                        Integer.parseInt(listeners.group(2)),
                        Optional.ofNullable(listeners.group(3))
                                .map(Integer::parseInt)
                                .orElse(0)))
                : Optional.empty();
    }

    /** What does not depend on addresses or folders, and is therefore the same for a broker in a container. */
    static Map<String, String> behaviour(int brokers) {
        String replicas = Integer.toString(Math.min(brokers, 3));
        String minInSync = brokers >= 3 ? "2" : "1";
        Map<String, String> all = new TreeMap<>();
        all.put("auto.create.topics.enable", "false");
        all.put("delete.topic.enable", "true");
        all.put("default.replication.factor", replicas);
        all.put("min.insync.replicas", minInSync);
        all.put("message.max.bytes", "8388608");
        all.put("replica.fetch.max.bytes", "8388608");
        all.put("num.network.threads", "2");
        all.put("num.io.threads", "4");
        all.put("log.cleaner.threads", "1");
        all.put("log.cleaner.dedupe.buffer.size", "16777216");
        all.put("num.recovery.threads.per.data.dir", "2");

        all.put("offsets.topic.replication.factor", replicas);
        all.put("offsets.topic.num.partitions", "4");
        all.put("transaction.state.log.replication.factor", replicas);
        all.put("transaction.state.log.min.isr", minInSync);
        all.put("transaction.state.log.num.partitions", "4");
        all.put("share.coordinator.state.topic.replication.factor", replicas);
        all.put("share.coordinator.state.topic.min.isr", minInSync);
        all.put("share.coordinator.state.topic.num.partitions", "4");

        // After a kill -9 the controller waits for the old session's end before the broker may register again.
        all.put("broker.session.timeout.ms", "3000");
        all.put("broker.heartbeat.interval.ms", "500");
        // A writer that was killed holds up every read_committed reader until its transaction is swept.
        all.put("transaction.abort.timed.out.transaction.cleanup.interval.ms", "1000");

        // A member that joins waits for its heartbeat, so these decide how soon a fresh worker gets its first request.
        all.put("group.share.heartbeat.interval.ms", "500");
        all.put("group.share.min.heartbeat.interval.ms", "500");
        all.put("group.share.session.timeout.ms", "6000");
        all.put("group.share.min.session.timeout.ms", "3000");
        all.put("group.share.assignment.interval.ms", "200");
        all.put("group.share.min.record.lock.duration.ms", "1000");
        all.put("group.share.initialize.retry.interval.ms", "1000");

        all.put("group.consumer.heartbeat.interval.ms", "1000");
        all.put("group.consumer.min.heartbeat.interval.ms", "500");
        all.put("group.consumer.min.session.timeout.ms", "3000");
        all.put("group.consumer.assignment.interval.ms", "200");
        all.put("group.streams.heartbeat.interval.ms", "1000");
        all.put("group.streams.min.heartbeat.interval.ms", "500");
        all.put("group.streams.session.timeout.ms", "6000");
        all.put("group.streams.min.session.timeout.ms", "3000");
        all.put("group.streams.initial.rebalance.delay.ms", "0");
        all.put("group.streams.assignment.interval.ms", "200");
        all.put("group.initial.rebalance.delay.ms", "0");
        all.put("group.min.session.timeout.ms", "3000");
        return all;
    }
}
