package io.tailrace.coordinator.decide;

import io.tailrace.events.log.LogPosition;
import java.time.Duration;

/**
 * A partition of one of the topics that stages are executed in, as it is when a decision is made.
 *
 * @param clock what its tick clock shows ({@link PartitionClock#elapsed()})
 * @param chapterFrom a position of it before which nothing of a stage lies that is requested now
 */
public record Lane(Duration clock, LogPosition chapterFrom) {}
