package io.tailrace.coordinator.decide;

import io.tailrace.events.log.LogPosition;
import java.time.Duration;
import java.time.Instant;

/**
 * What an input brings along for those who decide on it.
 *
 * @param at when the broker appended the input
 * @param clock the tick clock of the run's partition ({@link PartitionClock#elapsed()})
 * @param chapterFrom a position of the stages' topic before which nothing of a stage lies that is requested now
 * @param ids the ids of what is decided
 */
public record Moment(Instant at, Duration clock, LogPosition chapterFrom, EventIds ids) {}
