package io.tailrace.coordinator.topology;

import io.tailrace.coordinator.decide.PartitionClock;
import java.util.Optional;

/**
 * How far a partition of the topics that stages are executed in has been read, as it is stored at each tick.
 *
 * @param epoch the log epoch that all of the partition's state belongs to
 * @param nextOffset everything of build-events before it has been read; what was read since the last tick is not yet in it
 * @param clock the tick clock of build-events
 * @param turns the same of turn-events; absent in what was stored before there were turns
 */
public record PartitionMark(long epoch, long nextOffset, PartitionClock clock, Optional<TopicMark> turns) {
    /** How far a partition of one topic has been read. */
    public record TopicMark(long nextOffset, PartitionClock clock) {}
}
