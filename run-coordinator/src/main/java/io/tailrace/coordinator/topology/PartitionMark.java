package io.tailrace.coordinator.topology;

import io.tailrace.coordinator.decide.PartitionClock;
import io.tailrace.events.id.AvroName;
import io.tailrace.events.log.Topic;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * How far a partition of the topics that stages are executed in has been read, as it is stored at each tick.
 *
 * @param epoch the log epoch that all of the partition's state belongs to
 * @param nextOffset everything of build-events before it has been read; what was read since the last tick is not yet in it
 * @param clock the tick clock of build-events
 * @param turns the same of turn-events; absent in what was stored before there were turns
 */
@AvroName(namespace = "io.tailrace.coordinator.topology")
public record PartitionMark(long epoch, long nextOffset, PartitionClock clock, Optional<TopicMark> turns) {
    /** How far a partition of one topic has been read. */
    public record TopicMark(long nextOffset, PartitionClock clock) {}

    static PartitionMark of(long epoch, Map<Topic, TopicMark> marks) {
        TopicMark builds = marks.getOrDefault(Topic.BUILD_EVENTS, new TopicMark(0, PartitionClock.START));
        return new PartitionMark(
                epoch, builds.nextOffset(), builds.clock(), Optional.ofNullable(marks.get(Topic.TURN_EVENTS)));
    }

    /** How far each topic has been read. */
    Map<Topic, TopicMark> marks() {
        Map<Topic, TopicMark> marks = new EnumMap<>(Topic.class);
        marks.put(Topic.BUILD_EVENTS, new TopicMark(nextOffset, clock));
        turns.ifPresent(it -> marks.put(Topic.TURN_EVENTS, it));
        return marks;
    }
}
