package io.tailrace.events.log;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Function;

/**
 * What kind of work a stage is. Everything that differs by kind and that all services agree on hangs on these values:
 * the topic that has its chapters, and by whose ticks its times are counted, and the queue that its requests wait in.
 * Kinds may share topics.
 */
public enum StageKind {
    /** Phases that are run as processes. */
    BUILD(Topic.BUILD_EVENTS, Topic.BUILD_REQUESTS),
    /** A question to a model: a message of a chat, or a prompt of a plan. */
    TURN(Topic.TURN_EVENTS, Topic.TURN_REQUESTS);

    private static final Set<Topic> EVENTS = topics(StageKind::events);
    private static final Set<Topic> REQUESTS = topics(StageKind::requests);

    private final Topic events;
    private final Topic requests;

    StageKind(Topic events, Topic requests) {
        this.events = events;
        this.requests = requests;
    }

    /** Where chapters of this kind lie. The ticks of the run's partition there are the clock of its stages. */
    public Topic events() {
        return events;
    }

    /** Where its requests wait for a worker. */
    public Topic requests() {
        return requests;
    }

    /**
     * The kind that names this topic first. Kinds that share a topic share its records and its clock.
     *
     * @throws IllegalArgumentException if the topic has no chapters
     */
    public static StageKind executedIn(Topic topic) {
        for (StageKind kind : values()) {
            if (kind.events == topic) {
                return kind;
            }
        }
        throw new IllegalArgumentException(topic.topicName() + " has no chapters");
    }

    /** The topics that chapters of any kind lie in. */
    public static Set<Topic> eventTopics() {
        return EVENTS;
    }

    /** The queues that requests of any kind wait in. */
    public static Set<Topic> requestTopics() {
        return REQUESTS;
    }

    private static Set<Topic> topics(Function<StageKind, Topic> topic) {
        Set<Topic> topics = EnumSet.noneOf(Topic.class);
        for (StageKind kind : values()) {
            topics.add(topic.apply(kind));
        }
        return Collections.unmodifiableSet(topics);
    }
}
