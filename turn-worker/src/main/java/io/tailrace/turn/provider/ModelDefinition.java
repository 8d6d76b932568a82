package io.tailrace.turn.provider;

import java.util.Set;
import java.util.regex.Pattern;

/**
 * A model of a provider.
 *
 * @param id as the provider calls it
 * @param contextWindowTokens input and output together
 * @param maxOutputTokens of one answer; a request may ask for less
 * @param defaults for what a request leaves open
 */
public record ModelDefinition(
        String id,
        int contextWindowTokens,
        int maxOutputTokens,
        GenerationSettings defaults,
        Set<Capability> capabilities) {

    private static final Pattern ID = Pattern.compile("[\\x21-\\x7e]{1,256}");

    public ModelDefinition {
        capabilities = Set.copyOf(capabilities);
        if (!ID.matcher(id).matches()) {
            throw new InvalidDefinition("id", "must be 1 to 256 printable characters without spaces");
        }
        if (contextWindowTokens < 1) {
            throw new InvalidDefinition("context_window_tokens", "must be at least 1");
        }
        if (maxOutputTokens < 1 || maxOutputTokens > contextWindowTokens) {
            throw new InvalidDefinition("max_output_tokens", "must be at least 1 and at most context_window_tokens");
        }
        if (defaults.maxOutputTokens().orElse(1) > maxOutputTokens) {
            throw new InvalidDefinition("defaults.max_output_tokens", "must be at most the model's max_output_tokens");
        }
    }

    /** A request's settings, completed by the defaults, and asking for no more output than the model can give. */
    public GenerationSettings complete(GenerationSettings asked) {
        GenerationSettings settings = asked.orElse(defaults);
        return settings.maxOutputTokens().orElse(1) > maxOutputTokens
                ? settings.withMaxOutputTokens(maxOutputTokens)
                : settings;
    }
}
