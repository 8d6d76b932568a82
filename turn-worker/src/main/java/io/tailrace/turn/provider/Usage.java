package io.tailrace.turn.provider;

import java.util.OptionalLong;

/**
 * Tokens of one call or of several, as OpenTelemetry's conventions for generative AI count them. A number that the provider did not tell
 * is absent, which is not 0.
 *
 * @param input all input, that from the provider's cache (read or written) included
 * @param cachedInput of the input, what was read from the cache
 * @param output all output, reasoning included
 * @param reasoning of the output, what was reasoning
 * @param total as the provider tells it, else input and output together
 */
public record Usage(
        OptionalLong input, OptionalLong cachedInput, OptionalLong output, OptionalLong reasoning, OptionalLong total) {

    private static final Usage UNKNOWN = new Usage(
            OptionalLong.empty(),
            OptionalLong.empty(),
            OptionalLong.empty(),
            OptionalLong.empty(),
            OptionalLong.empty());

    /** More tokens than any call has: a number above it was never counted. */
    private static final long MOST = 1_000_000_000_000L;

    /** Numbers that cannot be (negative, or more than anybody counts) are as good as not told. */
    public Usage {
        input = possible(input);
        cachedInput = possible(cachedInput);
        output = possible(output);
        reasoning = possible(reasoning);
        total = possible(total);
        if (total.isEmpty() && input.isPresent() && output.isPresent()) {
            total = OptionalLong.of(input.getAsLong() + output.getAsLong());
        }
    }

    private static OptionalLong possible(OptionalLong told) {
        return told.isPresent() && (told.getAsLong() < 0 || told.getAsLong() > MOST) ? OptionalLong.empty() : told;
    }

    /** Nothing but zeros was told. */
    public boolean isZero() {
        return input.orElse(0) == 0
                && cachedInput.orElse(0) == 0
                && output.orElse(0) == 0
                && reasoning.orElse(0) == 0
                && total.orElse(0) == 0;
    }

    /** Nothing was told. */
    public static Usage unknown() {
        return UNKNOWN;
    }

    /** Input and output, and nothing of what they consist of. */
    public static Usage of(long input, long output) {
        return UNKNOWN.withInput(input).withOutput(output);
    }

    public boolean isUnknown() {
        return equals(UNKNOWN);
    }

    /** With this number of input tokens; the total follows. */
    public Usage withInput(long tokens) {
        return new Usage(OptionalLong.of(tokens), cachedInput, output, reasoning, OptionalLong.empty());
    }

    public Usage withCachedInput(long tokens) {
        return new Usage(input, OptionalLong.of(tokens), output, reasoning, total);
    }

    /** With this number of output tokens; the total follows. */
    public Usage withOutput(long tokens) {
        return new Usage(input, cachedInput, OptionalLong.of(tokens), reasoning, OptionalLong.empty());
    }

    public Usage withReasoning(long tokens) {
        return new Usage(input, cachedInput, output, OptionalLong.of(tokens), total);
    }

    /** With the provider's own total. */
    public Usage withTotal(long tokens) {
        return new Usage(input, cachedInput, output, reasoning, OptionalLong.of(tokens));
    }

    /** Of both together; absent only where both do not tell. */
    public Usage plus(Usage other) {
        return new Usage(
                sum(input, other.input),
                sum(cachedInput, other.cachedInput),
                sum(output, other.output),
                sum(reasoning, other.reasoning),
                sum(total, other.total));
    }

    private static OptionalLong sum(OptionalLong left, OptionalLong right) {
        if (left.isEmpty()) {
            return right;
        }
        return right.isEmpty() ? left : OptionalLong.of(left.getAsLong() + right.getAsLong());
    }
}
