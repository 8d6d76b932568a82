package io.tailrace.events.kafka;

import io.tailrace.events.knowledge.RepositoryChange;
import io.tailrace.events.log.StageKind;
import io.tailrace.events.log.Topic;
import io.tailrace.events.work.KeptAnswer;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Makes and checks the topics of the catalogue. Blocks on the broker, bounded. */
public final class Topics {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final Duration SEGMENT = Duration.ofDays(1);
    private static final Duration SHORT_RETENTION = Duration.ofDays(7);
    /** A client that was away for a week goes on with what it had, though its checkpoint was some days old when it went. */
    private static final Duration CHECKPOINT_RETENTION = Duration.ofDays(14);

    private Topics() {}

    /** A topic that exists has another number of partitions than configured: a run's partition must never change. */
    public static final class PartitionMismatch extends RuntimeException {
        private static final long serialVersionUID = 1L;

        PartitionMismatch(String topic, int found, int wanted) {
            super("Topic " + topic + " has " + found + " partitions, but " + wanted
                    + " are configured. The number of partitions of a log never changes: configure " + found
                    + ", or start a new log epoch (docs/operations.md).");
        }
    }

    /**
     * Creates what is missing of the catalogue. Safe to call from many processes at once.
     *
     * @throws PartitionMismatch if a topic exists with another number of partitions
     * @throws ExecutionException if the broker refuses
     * @throws TimeoutException if it does not answer
     */
    public static void ensure(Admin admin, TopicSettings settings)
            throws InterruptedException, ExecutionException, TimeoutException {
        List<NewTopic> wanted =
                Arrays.stream(Topic.values()).map(it -> newTopic(it, settings)).toList();
        for (var creation : admin.createTopics(wanted).values().entrySet()) {
            try {
                creation.getValue().get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof TopicExistsException)) {
                    throw e;
                }
            }
        }
        Map<String, TopicDescription> found = describeOnceKnown(admin);
        for (Topic topic : Topic.values()) {
            int partitions = described(found, topic).partitions().size();
            if (partitions != partitionsOf(topic, settings)) {
                throw new PartitionMismatch(topic.topicName(), partitions, partitionsOf(topic, settings));
            }
        }
    }

    /**
     * The fingerprint of this log: another cluster, or a re-created event topic, has another one.
     *
     * @throws ExecutionException if the broker refuses, for instance because a topic is missing
     * @throws TimeoutException if it does not answer
     */
    public static long epoch(Admin admin) throws InterruptedException, ExecutionException, TimeoutException {
        return identity(admin).epoch();
    }

    /**
     * Which log this is, run-commands included.
     *
     * @throws ExecutionException if the broker refuses, for instance because a topic is missing
     * @throws TimeoutException if it does not answer
     */
    public static LogIdentity identity(Admin admin) throws InterruptedException, ExecutionException, TimeoutException {
        String cluster = cluster(admin);
        Set<Topic> topics = EnumSet.of(Topic.RUN_COMMANDS, Topic.RUN_EVENTS);
        topics.addAll(StageKind.eventTopics());
        Map<String, TopicDescription> found = describe(admin, topics.toArray(Topic[]::new));
        Map<Topic, String> ids = new EnumMap<>(Topic.class);
        topics.forEach(it -> ids.put(it, described(found, it).topicId().toString()));
        return LogIdentity.of(cluster, ids);
    }

    private static String cluster(Admin admin) throws InterruptedException, ExecutionException, TimeoutException {
        return admin.describeCluster().clusterId().get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** The controller answers a creation before each broker has heard of the topic. */
    private static Map<String, TopicDescription> describeOnceKnown(Admin admin)
            throws InterruptedException, ExecutionException, TimeoutException {
        long since = System.nanoTime();
        while (true) {
            try {
                return describe(admin, Topic.values());
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof UnknownTopicOrPartitionException)
                        || System.nanoTime() - since > TIMEOUT.toNanos()) {
                    throw e;
                }
            }
            Thread.sleep(PAUSE);
        }
    }

    private static Map<String, TopicDescription> describe(Admin admin, Topic... topics)
            throws InterruptedException, ExecutionException, TimeoutException {
        List<String> names = Arrays.stream(topics).map(Topic::topicName).collect(Collectors.toList());
        return admin.describeTopics(names).allTopicNames().get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static TopicDescription described(Map<String, TopicDescription> found, Topic topic) {
        TopicDescription description = found.get(topic.topicName());
        if (description == null) {
            throw new IllegalStateException("the broker left out " + topic.topicName());
        }
        return description;
    }

    private static int partitionsOf(Topic topic, TopicSettings settings) {
        return switch (topic.partitioning()) {
            case BY_RUN, BY_DIGEST, BY_REPOSITORY -> settings.partitions();
            case SINGLE -> 1;
            case QUEUE -> settings.requestPartitions();
        };
    }

    private static NewTopic newTopic(Topic topic, TopicSettings settings) {
        Map<String, String> config = new HashMap<>();
        config.put(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, "LogAppendTime");
        config.put(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, Integer.toString(settings.minInSyncReplicas()));
        switch (topic.cleanup()) {
            case COMPACT -> config.put(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);
            case COMPACT_LATER -> {
                config.put(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);
                config.put(
                        TopicConfig.MIN_COMPACTION_LAG_MS_CONFIG,
                        Long.toString(RepositoryChange.VERSIONS_KEPT.toMillis()));
                config.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(RepositoryChange.MAX_RECORD_BYTES));
            }
            case COMPACT_AND_DELETE -> {
                config.put(
                        TopicConfig.CLEANUP_POLICY_CONFIG,
                        TopicConfig.CLEANUP_POLICY_COMPACT + "," + TopicConfig.CLEANUP_POLICY_DELETE);
                config.put(TopicConfig.RETENTION_MS_CONFIG, Long.toString(KeptAnswer.KEPT.toMillis()));
                config.put(TopicConfig.SEGMENT_MS_CONFIG, Long.toString(SEGMENT.toMillis()));
            }
            case DELETE -> {
                config.put(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE);
                config.put(
                        TopicConfig.RETENTION_MS_CONFIG,
                        Long.toString(retention(topic, settings.retention()).toMillis()));
                config.put(TopicConfig.SEGMENT_MS_CONFIG, Long.toString(SEGMENT.toMillis()));
            }
        }
        return new NewTopic(topic.topicName(), partitionsOf(topic, settings), (short) settings.replicationFactor())
                .configs(config);
    }

    private static Duration retention(Topic topic, Duration ofEvents) {
        if (topic.holdsEvents()) {
            return ofEvents;
        }
        Duration most = topic == Topic.CHECKPOINTS ? CHECKPOINT_RETENTION : SHORT_RETENTION;
        return ofEvents.compareTo(most) < 0 ? ofEvents : most;
    }
}
