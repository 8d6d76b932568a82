package io.tailrace.coordinator.decide;

import io.tailrace.events.log.LogPosition;
import java.time.Duration;

/**
 * A partition of a topic that has chapters, at the time of a decision.
 *
 * @param clock the time of its tick clock ({@link PartitionClock#elapsed()})
 * @param sentClock the latest time that the clock can show after all ticks sent so far are read. It is later than
 *     {@code clock} by the coordinator's lag. Workers get their full time: waits for a reaction to a decision start here,
 *     because no worker could react during ticks that were appended before the decision
 * @param chapterFrom the next offset to read; a stage requested now has no record before it
 */
public record PartitionSnapshot(Duration clock, Duration sentClock, LogPosition chapterFrom) {}
