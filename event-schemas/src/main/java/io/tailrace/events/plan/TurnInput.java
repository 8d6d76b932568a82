package io.tailrace.events.plan;

import io.tailrace.events.id.AvroName;
import io.tailrace.events.id.TurnId;
import java.util.Optional;

/**
 * What a user asks in one turn.
 *
 * @param model which is to answer this turn; the chat's where absent
 * @param generation what this turn wants otherwise than the chat
 * @param script for the scripted provider alone: what it answers, as JSON
 * @param retryOf the turn that this one repeats
 */
@AvroName(namespace = "io.tailrace.events.plan")
public record TurnInput(
        String text,
        Optional<ModelChoice> model,
        Optional<Generation> generation,
        Optional<String> script,
        Optional<TurnId> retryOf) {
    /** A message, and nothing else. */
    public static TurnInput of(String text) {
        return new TurnInput(text, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }
}
