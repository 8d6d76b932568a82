package io.tailrace.runlog;

import io.tailrace.events.log.LogPosition;
import io.tailrace.events.log.StageKind;
import io.tailrace.events.log.Topic;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * How far the event topics can be read in one partition at one moment.
 *
 * @param nextOffsets of {@link #TOPICS}
 */
record LogEnds(Map<Topic, Long> nextOffsets) {
    /** The spine's and those of all chapters. */
    static final Set<Topic> TOPICS = topics();

    /** @throws IllegalArgumentException if one is missing */
    LogEnds {
        nextOffsets = Collections.unmodifiableMap(new EnumMap<>(nextOffsets));
        if (!nextOffsets.keySet().containsAll(TOPICS)) {
            throw new IllegalArgumentException("the ends of " + nextOffsets.keySet() + " are not all");
        }
    }

    private static Set<Topic> topics() {
        Set<Topic> topics = EnumSet.of(Topic.RUN_EVENTS);
        topics.addAll(StageKind.eventTopics());
        return Collections.unmodifiableSet(topics);
    }

    /** Whether everything before these ends has been read by who reads on at this position. */
    boolean reachedBy(LogPosition next) {
        return next.offset() >= of(next.topic());
    }

    /** The next offset of run-events. */
    long spine() {
        return of(Topic.RUN_EVENTS);
    }

    /** @throws IllegalArgumentException if the topic has no events */
    long of(Topic topic) {
        Long next = nextOffsets.get(topic);
        if (next == null) {
            throw new IllegalArgumentException(topic + " has no events");
        }
        return next;
    }
}
