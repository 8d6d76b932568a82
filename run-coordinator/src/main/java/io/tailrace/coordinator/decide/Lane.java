package io.tailrace.coordinator.decide;

import io.tailrace.events.log.LogPosition;
import java.time.Duration;

/**
 * A partition of one of the topics that stages are executed in, as it is when a decision is made.
 *
 * @param clock what its tick clock shows ({@link PartitionClock#elapsed()})
 * @param sentClock the most that it will show when all ticks are read that have been sent by now: later than
 *     {@code clock} by as much as the coordinator is behind the log. A wait for what others do about a decision begins
 *     here, since ticks that were appended before the decision are no time that anybody had for it
 * @param chapterFrom a position of it before which nothing of a stage lies that is requested now
 */
public record Lane(Duration clock, Duration sentClock, LogPosition chapterFrom) {}
