package io.tailrace.events.work;

import io.tailrace.events.id.Attempt;
import io.tailrace.events.id.AvroName;
import io.tailrace.events.id.RunId;
import io.tailrace.events.id.StageId;
import io.tailrace.events.id.TurnId;
import io.tailrace.events.id.WorkspaceId;
import io.tailrace.events.log.LogPosition;
import io.tailrace.events.log.StageKind;
import io.tailrace.events.plan.ChatPlan;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A record of turn-requests: one attempt at one turn, to be taken by one worker. On the wire a chat's message stands in
 * {@code chat}, {@code message} and {@code history}, as earlier releases wrote it; in Java {@link #source()} has it.
 *
 * @param chat present if the question is a chat's message
 * @param message present if the question is a chat's message
 * @param history empty unless the question is a chat's message
 * @param chapterFrom the stage's partition, and a position before which nothing of the stage lies
 * @param requestedAt when this attempt was dispatched
 * @param prompt present if the question is a plan's prompt
 */
@AvroName(namespace = "io.tailrace.events.work")
public record TurnRequest(
        RunId runId,
        StageId stageId,
        Attempt attempt,
        WorkspaceId workspace,
        TurnId turnId,
        Optional<ChatPlan> chat,
        Optional<LogPosition> message,
        List<Long> history,
        LogPosition chapterFrom,
        Instant requestedAt,
        Optional<TurnSource.PlanPrompt> prompt)
        implements WorkRequest {

    /** @throws IllegalArgumentException if the question is neither a chat's message nor a plan's prompt, or both */
    public TurnRequest {
        history = List.copyOf(history);
        if (chat.isPresent() != message.isPresent() || chat.isPresent() == prompt.isPresent()) {
            throw new IllegalArgumentException("a turn is a message of a chat or a prompt of a plan");
        }
    }

    /** A request for an answer to this question. */
    public static TurnRequest of(
            RunId run,
            StageId stage,
            Attempt attempt,
            WorkspaceId workspace,
            TurnId turn,
            TurnSource source,
            LogPosition chapterFrom,
            Instant requestedAt) {
        return switch (source) {
            case TurnSource.ChatMessage(ChatPlan chat, LogPosition message, List<Long> history) ->
                new TurnRequest(
                        run,
                        stage,
                        attempt,
                        workspace,
                        turn,
                        Optional.of(chat),
                        Optional.of(message),
                        history,
                        chapterFrom,
                        requestedAt,
                        Optional.empty());
            case TurnSource.PlanPrompt prompt ->
                new TurnRequest(
                        run,
                        stage,
                        attempt,
                        workspace,
                        turn,
                        Optional.empty(),
                        Optional.empty(),
                        List.of(),
                        chapterFrom,
                        requestedAt,
                        Optional.of(prompt));
        };
    }

    /** Where the question comes from. */
    public TurnSource source() {
        return prompt.<TurnSource>map(it -> it)
                .orElseGet(() -> new TurnSource.ChatMessage(chat.orElseThrow(), message.orElseThrow(), history));
    }

    @Override
    public StageKind kind() {
        return StageKind.TURN;
    }
}
