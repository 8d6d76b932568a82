package io.tailrace.local.broker;

import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import kafka.server.BrokerServer;
import kafka.server.ControllerServer;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.server.Server;
import kafka.server.SharedServer;
import kafka.server.StandardFaultHandlerFactory;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.KRaftMetadataCache;
import org.apache.kafka.metadata.bootstrap.BootstrapMetadata;
import org.apache.kafka.metadata.properties.MetaPropertiesEnsemble;
import org.apache.kafka.raft.QuorumConfig;
import org.apache.kafka.server.ServerSocketFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Tuple2;

/**
 * A broker and a controller in one process, like {@link KafkaRaftServer}; but the broker begins only when the controller
 * no longer takes the one before it, which was killed, for alive. Confined to one thread, but for {@link #shutdown}.
 *
 * <p>A broker that begins earlier is first told that it leads its partitions, a moment later that it does not, and then
 * that it does. Its group and share coordinators load their partitions twice, and when the first loading ends after the
 * second has begun, Kafka 4.3.1 takes the second for done: a coordinator without groups, or with half of them, or one
 * that has failed for good. Members are then told that their group is not known. Nothing is lost by waiting: until then
 * the controller would not let the broker register.
 */
final class CombinedServer {

    private static final Logger log = LoggerFactory.getLogger(CombinedServer.class);

    /** More than a broker's session lasts, and a quorum needs to elect a leader. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final Duration POLL = Duration.ofMillis(20);

    private final int id;
    private final ControllerServer controller;
    private final BrokerServer broker;

    /** A server for this configuration, whose folders are formatted. */
    CombinedServer(KafkaConfig config) {
        Tuple2<MetaPropertiesEnsemble, BootstrapMetadata> folders =
                KafkaRaftServer.initializeLogDirs(config, log, "[node " + config.nodeId() + "] ");
        MetaPropertiesEnsemble identity = folders._1();
        Metrics metrics = Server.initializeMetrics(
                config, Time.SYSTEM, identity.clusterId().orElseThrow());
        SharedServer shared = new SharedServer(
                config,
                identity,
                Time.SYSTEM,
                metrics,
                CompletableFuture.completedFuture(
                        QuorumConfig.parseVoterConnections(config.quorumConfig().voters())),
                QuorumConfig.parseBootstrapServers(config.quorumConfig().bootstrapServers()),
                new StandardFaultHandlerFactory(),
                ServerSocketFactory.INSTANCE);
        this.id = config.nodeId();
        this.broker = new BrokerServer(shared);
        this.controller = new ControllerServer(shared, KafkaRaftServer.configSchema(), folders._2());
    }

    /**
     * Returns when the broker serves clients.
     *
     * @param fresh whether the node never ran before
     */
    void startup(boolean fresh) {
        controller.startup();
        if (!fresh) {
            awaitFenced();
        }
        broker.startup();
    }

    /** What is known of the cluster is published for the first time when the controller has all of it. */
    private void awaitFenced() {
        KRaftMetadataCache known = controller.metadataCache();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (known.currentImage().offset() < 0 || known.hasAliveBroker(id)) {
            if (System.nanoTime() > deadline) {
                log.warn("The controller still takes the broker before this one for alive; starting all the same");
                return;
            }
            LockSupport.parkNanos(POLL.toNanos());
        }
    }

    /** Reads again, for new connections, the key stores whose files were replaced. Safe from any thread. */
    void reloadCertificates() {
        broker.config().dynamicConfig().reloadUpdatedFilesWithoutConfigChange(new Properties());
    }

    /** In order. Safe from any thread. */
    void shutdown() {
        broker.shutdown();
        controller.shutdown();
    }

    void awaitShutdown() {
        broker.awaitShutdown();
        controller.awaitShutdown();
    }
}
