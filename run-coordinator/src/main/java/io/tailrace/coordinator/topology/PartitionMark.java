package io.tailrace.coordinator.topology;

import io.tailrace.coordinator.decide.PartitionClock;

/**
 * How far a partition of build-events has been read, as it is stored at each tick.
 *
 * @param epoch the log epoch that all of the partition's state belongs to
 * @param nextOffset everything before it has been read; what was read since the last tick is not yet in it
 */
public record PartitionMark(long epoch, long nextOffset, PartitionClock clock) {}
