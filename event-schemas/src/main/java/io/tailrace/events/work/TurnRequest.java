package io.tailrace.events.work;

import io.tailrace.events.id.Attempt;
import io.tailrace.events.id.RunId;
import io.tailrace.events.id.StageId;
import io.tailrace.events.id.TurnId;
import io.tailrace.events.id.WorkspaceId;
import io.tailrace.events.log.LogPosition;
import io.tailrace.events.plan.ChatPlan;
import java.time.Instant;
import java.util.List;

/**
 * A record of turn-requests: one attempt at one turn, to be taken by one worker. Large texts are given by where they lie.
 *
 * @param message the command that submitted the turn
 * @param history the terminal records of the turns before it, in order: offsets in the chapter's partition. The last
 *     summary among them stands for what came before them all
 * @param chapterFrom the stage's partition, and a position before which nothing of the stage lies
 * @param requestedAt when this attempt was dispatched
 */
public record TurnRequest(
        RunId runId,
        StageId stageId,
        Attempt attempt,
        WorkspaceId workspace,
        TurnId turnId,
        ChatPlan chat,
        LogPosition message,
        List<Long> history,
        LogPosition chapterFrom,
        Instant requestedAt)
        implements WorkRequest {
    public TurnRequest {
        history = List.copyOf(history);
    }
}
