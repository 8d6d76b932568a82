package io.tailrace.events.plan;

import io.tailrace.events.id.AvroName;
import io.tailrace.events.id.StageId;
import io.tailrace.events.log.LogPosition;

/**
 * An answer that was given before, by where it lies. Whoever reads it makes sure that the record there is that stage's.
 *
 * @param stage the stage that gave it, of whatever run
 * @param position its terminal record
 * @param reason why it is taken
 */
@AvroName(namespace = "io.tailrace.events.plan")
public record ReusedAnswer(StageId stage, LogPosition position, Reason reason) {
    /** Why an answer is taken from before. */
    public enum Reason {
        /** The run repeats one that had come so far. */
        RETRY,
        /** The same was asked shortly before. */
        CACHE
    }
}
