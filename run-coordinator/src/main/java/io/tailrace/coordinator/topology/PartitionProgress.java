package io.tailrace.coordinator.topology;

import io.tailrace.coordinator.decide.PartitionClock;
import io.tailrace.events.id.AvroName;
import io.tailrace.events.log.Topic;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The next offsets and the clocks of a run partition, over all topics that have chapters. Stored at each tick.
 *
 * @param epoch the log epoch that all of the partition's state belongs to
 * @param nextOffset of build-events
 * @param clock the tick clock of build-events
 * @param turns the progress of turn-events; absent in what was stored before there were turns
 * @param others the progress of further topics, by topic name; absent where there are none
 */
@AvroName(namespace = "io.tailrace.coordinator.topology", name = "PartitionMark")
public record PartitionProgress(
        long epoch,
        long nextOffset,
        PartitionClock clock,
        Optional<TopicProgress> turns,
        Optional<Map<String, TopicProgress>> others) {
    /** The next offset and the clock of one topic's partition. */
    @AvroName(namespace = "io.tailrace.coordinator.topology", name = "TopicMark")
    public record TopicProgress(long nextOffset, PartitionClock clock) {
        static final TopicProgress START = new TopicProgress(0, PartitionClock.START);
    }

    public PartitionProgress {
        others = others.filter(it -> !it.isEmpty()).map(Map::copyOf);
    }

    static PartitionProgress of(long epoch, Map<Topic, TopicProgress> topics) {
        Map<String, TopicProgress> others = new HashMap<>();
        topics.forEach((topic, it) -> others.put(topic.topicName(), it));
        TopicProgress builds = Optional.ofNullable(others.remove(Topic.BUILD_EVENTS.topicName()))
                .orElse(TopicProgress.START);
        Optional<TopicProgress> turns = Optional.ofNullable(others.remove(Topic.TURN_EVENTS.topicName()));
        return new PartitionProgress(epoch, builds.nextOffset(), builds.clock(), turns, Optional.of(others));
    }

    /** By topic. A topic that this release does not know is left out. */
    Map<Topic, TopicProgress> topics() {
        Map<Topic, TopicProgress> topics = new EnumMap<>(Topic.class);
        topics.put(Topic.BUILD_EVENTS, new TopicProgress(nextOffset, clock));
        turns.ifPresent(it -> topics.put(Topic.TURN_EVENTS, it));
        others.orElse(Map.of())
                .forEach((name, progress) -> Topic.named(name).ifPresent(topic -> topics.put(topic, progress)));
        return topics;
    }
}
