package io.tailrace.turn.provider;

import java.util.Optional;

/** How a call ended; exactly one per call. */
public sealed interface CallEnd {

    /**
     * The provider said that the answer is complete.
     *
     * @param usage as far as the provider told it
     */
    record Finished(FinishReason reason, Usage usage) implements CallEnd {}

    /**
     * The answer is not complete; the deltas until now are what there is of it.
     *
     * @param partial what the provider told of the usage until then, if anything
     */
    record Failed(ProviderFailure failure, Optional<Usage> partial) implements CallEnd {}

    /** Somebody asked for the end. */
    record Canceled(Optional<Usage> partial) implements CallEnd {}
}
