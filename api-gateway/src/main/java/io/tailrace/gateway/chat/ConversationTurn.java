package io.tailrace.gateway.chat;

import io.tailrace.events.id.StageId;
import io.tailrace.events.id.TurnId;
import io.tailrace.events.run.RunView.TurnStatus;
import io.tailrace.events.run.RunView.TurnView;
import io.tailrace.events.run.Usage;
import io.tailrace.events.stage.AssistantMessage;
import io.tailrace.events.stage.TurnFact.FinishReason;
import io.tailrace.events.stage.TurnFailure;
import java.time.Instant;
import java.util.Optional;

/**
 * One turn of a conversation, as far as its events tell. What an attempt wrote that was lost is no part of it.
 *
 * @param user what was asked; absent if the turn was never accepted, or retention took it
 * @param assistant the answer, or what there is of it so far
 * @param usage of the calls of the last attempt
 * @param attempts the number of the last attempt; 0 before the first
 * @param startedAt when the last attempt began
 */
public record ConversationTurn(
        TurnId turnId,
        TurnStatus status,
        Optional<UserMessage> user,
        AssistantMessage assistant,
        Optional<String> provider,
        Optional<String> model,
        Usage usage,
        Optional<FinishReason> finishReason,
        Optional<TurnFailure> failure,
        int attempts,
        Optional<TurnId> retryOf,
        Optional<StageId> stageId,
        Optional<Integer> step,
        Instant submittedAt,
        Optional<Instant> startedAt,
        Optional<Instant> finishedAt) {

    /** What a user asked. */
    public record UserMessage(String text) {}

    /** The turn as the read model has it. */
    TurnView view() {
        return new TurnView(
                turnId,
                status,
                step,
                submittedAt,
                finishedAt,
                failure.map(TurnFailure::code),
                failure.map(TurnFailure::message),
                retryOf);
    }
}
