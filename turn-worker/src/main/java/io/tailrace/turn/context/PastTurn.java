package io.tailrace.turn.context;

import io.tailrace.events.stage.AssistantMessage;
import java.util.Optional;

/**
 * A turn of the conversation so far.
 *
 * @param text what the user said
 * @param answer what the model answered, or what there was of it
 * @param answered whether the answer is one to go on from: complete, or cut off by its user. What failed is left out of
 *     later contexts
 * @param summary if it was compacted: what stands for the turns before those that follow it in the history
 */
public record PastTurn(String text, AssistantMessage answer, boolean answered, Optional<String> summary) {

    boolean isPartOfContext() {
        return answered && !answer.text().isEmpty();
    }

    long tokens() {
        return isPartOfContext() ? Tokens.of(text) + Tokens.of(answer.text()) : 0;
    }
}
