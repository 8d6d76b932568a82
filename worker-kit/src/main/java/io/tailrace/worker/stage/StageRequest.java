package io.tailrace.worker.stage;

import io.tailrace.events.id.Attempt;
import io.tailrace.events.id.StageId;
import io.tailrace.events.log.LogPosition;

/**
 * A work request as far as every kind of worker understands it.
 *
 * @param chapterFrom the stage's partition, and a position before which nothing of the stage lies
 * @param work what this kind of worker is asked to do
 */
public record StageRequest<R>(StageId stage, Attempt attempt, LogPosition chapterFrom, R work) {}
