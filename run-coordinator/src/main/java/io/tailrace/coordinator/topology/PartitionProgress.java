package io.tailrace.coordinator.topology;

import io.tailrace.coordinator.decide.PartitionClock;
import io.tailrace.events.id.AvroName;
import io.tailrace.events.log.Topic;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * The next offsets and the clocks of a run partition, over all topics that have chapters. Stored at each tick.
 *
 * @param epoch the log epoch that all of the partition's state belongs to
 * @param nextOffset everything of build-events before it has been read; what was read since the last tick is not yet in it
 * @param clock the tick clock of build-events
 * @param turns the same of turn-events; absent in what was stored before there were turns
 */
@AvroName(namespace = "io.tailrace.coordinator.topology", name = "PartitionMark")
public record PartitionProgress(long epoch, long nextOffset, PartitionClock clock, Optional<TopicProgress> turns) {
    /** The next offset and the clock of one topic's partition. */
    @AvroName(namespace = "io.tailrace.coordinator.topology", name = "TopicMark")
    public record TopicProgress(long nextOffset, PartitionClock clock) {}

    static PartitionProgress of(long epoch, Map<Topic, TopicProgress> progress) {
        TopicProgress builds = progress.getOrDefault(Topic.BUILD_EVENTS, new TopicProgress(0, PartitionClock.START));
        return new PartitionProgress(
                epoch, builds.nextOffset(), builds.clock(), Optional.ofNullable(progress.get(Topic.TURN_EVENTS)));
    }

    /** By topic. */
    Map<Topic, TopicProgress> progress() {
        Map<Topic, TopicProgress> progress = new EnumMap<>(Topic.class);
        progress.put(Topic.BUILD_EVENTS, new TopicProgress(nextOffset, clock));
        turns.ifPresent(it -> progress.put(Topic.TURN_EVENTS, it));
        return progress;
    }
}
