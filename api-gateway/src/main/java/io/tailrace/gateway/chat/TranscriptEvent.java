package io.tailrace.gateway.chat;

import io.tailrace.events.id.Attempt;
import io.tailrace.events.id.StageId;
import io.tailrace.events.log.EventHeaders;
import io.tailrace.gateway.json.DecodedEvent;
import java.time.Instant;
import java.util.Optional;

/**
 * What a transcript is made of: a record of a chat's log, decoded.
 *
 * @param sequence of its first event in the run's order; 0 if it has no place in it yet
 */
record TranscriptEvent(long sequence, Optional<StageId> stage, Optional<Attempt> attempt, DecodedEvent said) {
    static TranscriptEvent of(long sequence, EventHeaders headers, DecodedEvent event) {
        return new TranscriptEvent(sequence, headers.stage(), headers.attempt(), event);
    }

    Instant occurredAt() {
        return said.occurredAt();
    }
}
