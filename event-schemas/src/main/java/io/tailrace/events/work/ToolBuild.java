package io.tailrace.events.work;

import io.tailrace.events.id.AvroName;
import io.tailrace.events.id.StageId;
import io.tailrace.events.log.LogPosition;

/**
 * The call of a tool that a build executes. The step's inputs are from its arguments, a JSON object of texts. Whoever reads
 * them makes sure that the record there is that stage's.
 *
 * @param stage that made it
 * @param position that stage's terminal record, {@code turn.paused}, which has the arguments
 * @param round from 1
 * @param index among the calls of the round, from 0
 */
@AvroName(namespace = "io.tailrace.events.work")
public record ToolBuild(StageId stage, LogPosition position, int round, int index) {}
