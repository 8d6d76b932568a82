package io.tailrace.events.run;

import io.tailrace.events.id.AvroName;
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
@AvroName(namespace = "io.tailrace.events.run")
public record Usage(
        Optional<Long> inputTokens,
        Optional<Long> cachedInputTokens,
        Optional<Long> outputTokens,
        Optional<Long> reasoningTokens,
        Optional<Long> totalTokens) {
    /** Nothing was reported. */
    public static final Usage NONE =
            new Usage(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    /**
     * Both together; a number that only one of them has stays as it is. A sum beyond {@link Long#MAX_VALUE} is that:
     * numbers come from providers and workers, and a wrong one must not make the sum of the others negative.
     */
    public Usage plus(Usage other) {
        return new Usage(
                sum(inputTokens, other.inputTokens),
                sum(cachedInputTokens, other.cachedInputTokens),
                sum(outputTokens, other.outputTokens),
                sum(reasoningTokens, other.reasoningTokens),
                sum(totalTokens, other.totalTokens));
    }

    private static Optional<Long> sum(Optional<Long> one, Optional<Long> other) {
        return one.map(it -> saturated(it, other.orElse(0L))).or(() -> other);
    }

    private static long saturated(long one, long other) {
        long sum = one + other;
        boolean overflows = ((one ^ sum) & (other ^ sum)) < 0;
        return overflows ? (one < 0 ? Long.MIN_VALUE : Long.MAX_VALUE) : sum;
    }

    /** The same without numbers that cannot be: a count below zero is none. */
    public Usage possible() {
        return new Usage(
                possible(inputTokens),
                possible(cachedInputTokens),
                possible(outputTokens),
                possible(reasoningTokens),
                possible(totalTokens));
    }

    private static Optional<Long> possible(Optional<Long> count) {
        return count.filter(it -> it >= 0);
    }
}
