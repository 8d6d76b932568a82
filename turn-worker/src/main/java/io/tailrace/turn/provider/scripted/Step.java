package io.tailrace.turn.provider.scripted;

import io.tailrace.turn.provider.FinishReason;
import io.tailrace.turn.provider.ModelDelta;
import io.tailrace.turn.provider.ProviderFailure;
import io.tailrace.turn.provider.Usage;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What one call answers.
 *
 * @param deltas in order
 * @param firstDelay before the first of them
 * @param pace before each of the others
 * @param interruption instead of the rest
 * @param usage {@code Usage.unknown()} for a provider that tells none; absent for an estimate
 */
record Step(
        List<ModelDelta> deltas,
        Duration firstDelay,
        Duration pace,
        Optional<Interruption> interruption,
        Optional<Usage> usage,
        FinishReason finishReason) {

    Step {
        deltas = List.copyOf(deltas);
    }

    /** What ends the answer before its time, after so many deltas. */
    sealed interface Interruption {

        int afterDeltas();

        /** The provider says that it failed. */
        record Failure(int afterDeltas, ProviderFailure failure) implements Interruption {}

        /** The stream just ends. */
        record Disconnect(int afterDeltas) implements Interruption {}
    }
}
