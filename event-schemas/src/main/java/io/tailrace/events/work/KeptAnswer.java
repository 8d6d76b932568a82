package io.tailrace.events.work;

import io.tailrace.events.id.AvroName;
import io.tailrace.events.id.StageId;
import io.tailrace.events.id.WorkspaceId;
import io.tailrace.events.log.LogPosition;
import java.time.Duration;
import java.time.Instant;

/**
 * An answer that may be given again to whoever asks the same: a record of answers. Of each question the last answer
 * stays. Whoever takes it makes sure that the record at its position is that stage's, and completed.
 *
 * @param question the SHA-256 of all that the model was told, 64 lower-case hexadecimal digits
 * @param stage the stage that answered, of whatever run
 * @param position its terminal record
 * @param answeredAt when that was recorded, by the worker's clock
 */
@AvroName(namespace = "io.tailrace.events.work")
public record KeptAnswer(
        WorkspaceId workspace, String question, StageId stage, LogPosition position, Instant answeredAt) {
    /** The longest time for which an answer is taken again: for so long it is kept. */
    public static final Duration KEPT = Duration.ofDays(7);

    /** The record's key: the same question of two workspaces is two. */
    public String key() {
        return key(workspace, question);
    }

    /** The key of the answers to a question. */
    public static String key(WorkspaceId workspace, String question) {
        return workspace.value() + "/" + question;
    }
}
