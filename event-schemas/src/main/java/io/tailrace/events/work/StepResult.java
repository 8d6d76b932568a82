package io.tailrace.events.work;

import io.tailrace.events.id.AvroName;
import io.tailrace.events.id.StageId;
import io.tailrace.events.log.LogPosition;

/**
 * The result of an earlier step of the same plan, by where it lies. Whoever reads it makes sure that the record there is
 * that stage's: a log that was cut off and has grown again has others.
 *
 * @param step the step's name
 * @param stage the stage that executed it
 * @param position its terminal record
 */
@AvroName(namespace = "io.tailrace.events.work")
public record StepResult(String step, StageId stage, LogPosition position) {}
