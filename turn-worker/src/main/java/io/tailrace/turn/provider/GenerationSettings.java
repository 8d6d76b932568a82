package io.tailrace.turn.provider;

import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * How a model is to answer; what is absent is left to the provider.
 *
 * @param stop sequences at which the answer ends; empty for none
 */
public record GenerationSettings(
        OptionalInt maxOutputTokens, OptionalDouble temperature, OptionalDouble topP, List<String> stop) {

    private static final GenerationSettings UNSET =
            new GenerationSettings(OptionalInt.empty(), OptionalDouble.empty(), OptionalDouble.empty(), List.of());

    public GenerationSettings {
        stop = List.copyOf(stop);
        if (maxOutputTokens.isPresent() && maxOutputTokens.getAsInt() < 1) {
            throw new InvalidDefinition("max_output_tokens", "must be at least 1");
        }
        if (temperature.isPresent() && !(temperature.getAsDouble() >= 0 && temperature.getAsDouble() <= 2)) {
            throw new InvalidDefinition("temperature", "must be between 0 and 2");
        }
        if (topP.isPresent() && !(topP.getAsDouble() > 0 && topP.getAsDouble() <= 1)) {
            throw new InvalidDefinition("top_p", "must be above 0 and at most 1");
        }
        if (stop.size() > 4 || stop.stream().anyMatch(String::isEmpty)) {
            throw new InvalidDefinition("stop", "must be at most 4 sequences, none of them empty");
        }
    }

    /** Everything is left to the provider. */
    public static GenerationSettings unset() {
        return UNSET;
    }

    public GenerationSettings withMaxOutputTokens(int tokens) {
        return new GenerationSettings(OptionalInt.of(tokens), temperature, topP, stop);
    }

    /** These where they are set, else the others. */
    public GenerationSettings orElse(GenerationSettings defaults) {
        return new GenerationSettings(
                maxOutputTokens.isPresent() ? maxOutputTokens : defaults.maxOutputTokens,
                temperature.isPresent() ? temperature : defaults.temperature,
                topP.isPresent() ? topP : defaults.topP,
                stop.isEmpty() ? defaults.stop : stop);
    }
}
