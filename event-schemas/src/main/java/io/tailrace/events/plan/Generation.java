package io.tailrace.events.plan;

import io.tailrace.events.id.AvroName;
import java.util.List;
import java.util.Optional;

/**
 * How a model is to answer. What is absent is up to the model's defaults.
 *
 * @param temperaturePermille thousandths of the temperature, 0 to 2000
 * @param topPPermille thousandths of the probability mass that is sampled from, 1 to 1000
 * @param stop texts at which generation ends
 */
@AvroName(namespace = "io.tailrace.events.plan")
public record Generation(
        Optional<Integer> maxOutputTokens,
        Optional<Integer> temperaturePermille,
        Optional<Integer> topPPermille,
        List<String> stop) {
    /** The model's defaults. */
    public static final Generation DEFAULT =
            new Generation(Optional.empty(), Optional.empty(), Optional.empty(), List.of());

    public Generation {
        stop = List.copyOf(stop);
    }

    /** These settings where they say something, the others where they do not. */
    public Generation over(Generation others) {
        return new Generation(
                maxOutputTokens.or(others::maxOutputTokens),
                temperaturePermille.or(others::temperaturePermille),
                topPPermille.or(others::topPPermille),
                stop.isEmpty() ? others.stop() : stop);
    }
}
