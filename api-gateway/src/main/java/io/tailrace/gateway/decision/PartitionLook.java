package io.tailrace.gateway.decision;

import java.time.Instant;
import java.util.Optional;

/**
 * How far one partition was decided at a moment. Immutable.
 *
 * @param decidedBelow the offset of the first command that is not decided
 * @param commandsEnd the high watermark of the commands
 * @param projectedBelow the offset of the first fact that does not show in the views
 * @param factsEnd the high watermark of the facts
 * @param factsWait whether a fact does not show in the views: offsets below the end can be markers
 * @param oldest since when the command waits that waits longest, by the broker's clock; empty if none waits or it is not
 *     known
 */
record PartitionLook(
        long decidedBelow,
        long commandsEnd,
        long projectedBelow,
        long factsEnd,
        boolean factsWait,
        Optional<Instant> oldest) {
    /** How many commands wait for a decision. */
    long undecided() {
        return commandsEnd - decidedBelow;
    }

    /** Whether a decision, or a view of one, is still to come. */
    boolean isBehind() {
        return undecided() > 0 || factsWait;
    }

    boolean hasDecided(long commands) {
        return decidedBelow >= commands;
    }

    boolean hasProjected(long facts) {
        return projectedBelow >= facts || !factsWait;
    }

    boolean hasMovedSince(PartitionLook before) {
        return decidedBelow != before.decidedBelow || projectedBelow != before.projectedBelow;
    }
}
