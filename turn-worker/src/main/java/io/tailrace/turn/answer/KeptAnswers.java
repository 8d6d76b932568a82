package io.tailrace.turn.answer;

import io.tailrace.events.id.WorkspaceId;
import io.tailrace.events.work.KeptAnswer;
import io.tailrace.worker.attempt.StopSignal;
import java.time.Duration;
import java.util.Optional;

/** The answers of before, by what was asked. Neither of its questions fails: who finds nothing asks the model. Thread-safe. */
public interface KeptAnswers {
    /**
     * The last answer to this question in this workspace, if it was given no longer ago. Blocks for some seconds at
     * most, when it is asked for the first time.
     *
     * @param question a digest of {@link QuestionDigest}
     * @param stop ends the wait; then nothing is found
     */
    Optional<KeptAnswer> find(WorkspaceId workspace, String question, Duration notOlderThan, StopSignal stop);

    /** From now on this is the last answer to its question. Does not wait until others know of it. */
    void keep(KeptAnswer answer);
}
