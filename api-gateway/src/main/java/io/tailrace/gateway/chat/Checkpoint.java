package io.tailrace.gateway.chat;

import io.tailrace.events.id.Attempt;
import io.tailrace.events.run.Usage;
import io.tailrace.events.stage.AssistantMessage;
import java.time.Instant;
import java.util.Optional;

/**
 * What there was of a turn when its worker wrote it down.
 *
 * @param sequence of the event that says it, in the run's order
 * @param attempt whose it is; a later one may have gone on from it
 * @param call the number of the provider call it was made after; 0 before the first
 */
public record Checkpoint(
        long sequence,
        Instant occurredAt,
        Optional<Attempt> attempt,
        int call,
        AssistantMessage message,
        Usage usage) {}
