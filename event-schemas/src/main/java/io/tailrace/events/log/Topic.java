package io.tailrace.events.log;

import io.tailrace.events.id.WireName;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The catalogue of topics. Topics whose partitioning is {@link Partitioning#BY_RUN} have the same number of
 * partitions, so that a run has one partition number in all of them.
 */
public enum Topic implements WireName {
    /** What clients asked for. */
    RUN_COMMANDS("tailrace.run-commands", Partitioning.BY_RUN, Cleanup.DELETE),
    /** Lifecycle facts, written in transactions by the coordinator alone: the spine of every run. */
    RUN_EVENTS("tailrace.run-events", Partitioning.BY_RUN, Cleanup.DELETE),
    /** What happened inside builds, written by build-workers, and the coordinator's ticks and forced ends. */
    BUILD_EVENTS("tailrace.build-events", Partitioning.BY_RUN, Cleanup.DELETE),
    /** What happened inside turns, written by turn-workers, and the coordinator's ticks and forced ends. */
    TURN_EVENTS("tailrace.turn-events", Partitioning.BY_RUN, Cleanup.DELETE),
    /** Builds that wait for a worker, taken through a share group. */
    BUILD_REQUESTS("tailrace.build-requests", Partitioning.QUEUE, Cleanup.DELETE),
    /** Turns that wait for a worker, taken through a share group. */
    TURN_REQUESTS("tailrace.turn-requests", Partitioning.QUEUE, Cleanup.DELETE),
    /** The current view of every run. */
    RUNS("tailrace.runs", Partitioning.BY_RUN, Cleanup.COMPACT),
    /** Named resources, such as the versions of a configuration: keyed by name, in one order. */
    DEFINITIONS("tailrace.definitions", Partitioning.SINGLE, Cleanup.COMPACT),
    /** Files in chunks of plain bytes, without a schema: keyed by digest and chunk number, partitioned by digest. */
    ARTIFACTS("tailrace.artifacts", Partitioning.BY_DIGEST, Cleanup.COMPACT),
    /** The documents of knowledge repositories, with their chunks: one order for each repository. */
    REPOSITORIES("tailrace.repositories", Partitioning.BY_REPOSITORY, Cleanup.COMPACT_LATER),
    /** Where the last answer to a question lies, for prompts that may take it again. */
    ANSWERS("tailrace.answers", Partitioning.SINGLE, Cleanup.COMPACT_AND_DELETE),
    /** The secrets that seal cursors, as text without a schema: for gateways alone. */
    CURSOR_KEYS("tailrace.cursor-keys", Partitioning.SINGLE, Cleanup.COMPACT),
    /** Which runs a stored subscription has, as text without a schema: keyed by its id. */
    SUBSCRIPTIONS("tailrace.subscriptions", Partitioning.SINGLE, Cleanup.COMPACT),
    /** Checkpoints of where clients are in many runs, as bytes without a schema: cursors say at which offset. */
    CHECKPOINTS("tailrace.checkpoints", Partitioning.SINGLE, Cleanup.DELETE);

    /** How the number of partitions is chosen. */
    public enum Partitioning {
        /** Keyed by run id, as many partitions as every topic about runs. */
        BY_RUN,
        /** A work queue: its number of partitions is free. */
        QUEUE,
        /** One partition, for one order of everything. */
        SINGLE,
        /** Keyed by a file's digest, as many partitions as topics about runs have. */
        BY_DIGEST,
        /** By the name of a repository's log, as many partitions as topics about runs have. */
        BY_REPOSITORY
    }

    /** What the broker removes. */
    public enum Cleanup {
        /** Records older than the retention. */
        DELETE,
        /** All but the last record of a key. */
        COMPACT,
        /** The same, but no record before the time for which older versions can be asked for is over. */
        COMPACT_LATER,
        /** All but the last record of a key, and that one too when it is too old to be of use. */
        COMPACT_AND_DELETE
    }

    private final String topicName;
    private final Partitioning partitioning;
    private final Cleanup cleanup;

    Topic(String topicName, Partitioning partitioning, Cleanup cleanup) {
        this.topicName = topicName;
        this.partitioning = partitioning;
        this.cleanup = cleanup;
    }

    /** The topic's name at the broker. */
    public String topicName() {
        return topicName;
    }

    @Override
    public String wireName() {
        return topicName;
    }

    public Partitioning partitioning() {
        return partitioning;
    }

    public Cleanup cleanup() {
        return cleanup;
    }

    /** Whether it holds events of runs, which are kept for long. */
    public boolean holdsEvents() {
        return this == RUN_EVENTS || holdsChapters();
    }

    /** Whether chapters of runs lie in it. */
    public boolean holdsChapters() {
        return StageKind.eventTopics().contains(this);
    }

    /** Whether its values are records of ours; if not they are plain bytes or text. */
    public boolean hasSchema() {
        return switch (this) {
            case ARTIFACTS, CURSOR_KEYS, SUBSCRIPTIONS, CHECKPOINTS -> false;
            case RUN_COMMANDS,
                    RUN_EVENTS,
                    BUILD_EVENTS,
                    TURN_EVENTS,
                    BUILD_REQUESTS,
                    TURN_REQUESTS,
                    RUNS,
                    DEFINITIONS,
                    REPOSITORIES,
                    ANSWERS -> true;
        };
    }

    /** The topics whose values are records of ours. */
    public static List<Topic> withSchema() {
        return Arrays.stream(values()).filter(Topic::hasSchema).toList();
    }

    /** The subject under which the topic's value schemas are listed (the registry's topic-name strategy). */
    public String subject() {
        return topicName + "-value";
    }

    /** The topic with this name at the broker, if it is one of ours. */
    public static Optional<Topic> named(String topicName) {
        for (Topic topic : values()) {
            if (topic.topicName.equals(topicName)) {
                return Optional.of(topic);
            }
        }
        return Optional.empty();
    }
}
