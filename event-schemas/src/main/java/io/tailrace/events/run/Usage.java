package io.tailrace.events.run;

import java.util.Optional;

/**
 * Tokens that provider calls took, counted alike for every provider. What a provider does not report is absent, which is
 * not zero.
 *
 * @param inputTokens all that was sent, cached ones included
 * @param cachedInputTokens how many of those the provider had in its cache
 * @param outputTokens all that was generated, reasoning included
 * @param reasoningTokens how many of those were reasoning
 * @param totalTokens input and output
 */
public record Usage(
        Optional<Long> inputTokens,
        Optional<Long> cachedInputTokens,
        Optional<Long> outputTokens,
        Optional<Long> reasoningTokens,
        Optional<Long> totalTokens) {
    /** Nothing was reported. */
    public static final Usage NONE =
            new Usage(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    /** Both together; a number that only one of them has stays as it is. */
    public Usage plus(Usage other) {
        return new Usage(
                sum(inputTokens, other.inputTokens),
                sum(cachedInputTokens, other.cachedInputTokens),
                sum(outputTokens, other.outputTokens),
                sum(reasoningTokens, other.reasoningTokens),
                sum(totalTokens, other.totalTokens));
    }

    private static Optional<Long> sum(Optional<Long> one, Optional<Long> other) {
        return one.map(it -> it + other.orElse(0L)).or(() -> other);
    }
}
