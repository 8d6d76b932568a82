package io.tailrace.gateway.chat;

import io.tailrace.events.id.TurnId;
import java.util.Optional;

/** Which turns of a chat a transcript keeps. */
sealed interface Selection {
    /**
     * Accepted turns in the order in which they were submitted.
     *
     * @param after the turn before the first wanted one; empty for the first of all
     * @param limit how many at the most, at least 1
     * @param maxChars how many characters, about; one turn is always kept
     */
    record Page(Optional<TurnId> after, int limit, long maxChars) implements Selection {}

    /** One turn, also one that was never accepted. */
    record One(TurnId turn) implements Selection {}

    /** The turn with the latest checkpoint, and those that may still get one. */
    record LatestCheckpoint() implements Selection {}
}
