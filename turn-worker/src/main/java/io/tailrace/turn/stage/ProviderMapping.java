package io.tailrace.turn.stage;

import io.tailrace.events.plan.Generation;
import io.tailrace.events.run.Usage;
import io.tailrace.events.stage.TurnFact;
import io.tailrace.events.stage.TurnFailure;
import io.tailrace.turn.provider.FinishReason;
import io.tailrace.turn.provider.GenerationSettings;
import io.tailrace.turn.provider.ProviderFailure;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Maps settings of events to those of providers, and results of providers to those of events. */
final class ProviderMapping {
    private ProviderMapping() {}

    static GenerationSettings settings(Generation generation) {
        return new GenerationSettings(
                generation.maxOutputTokens().map(OptionalInt::of).orElseGet(OptionalInt::empty),
                thousandths(generation.temperaturePermille()),
                thousandths(generation.topPPermille()),
                generation.stop());
    }

    private static OptionalDouble thousandths(Optional<Integer> permille) {
        return permille.map(it -> OptionalDouble.of(it / 1000.0)).orElseGet(OptionalDouble::empty);
    }

    static Usage usage(io.tailrace.turn.provider.Usage usage) {
        return new Usage(
                boxed(usage.input()),
                boxed(usage.cachedInput()),
                boxed(usage.output()),
                boxed(usage.reasoning()),
                boxed(usage.total()));
    }

    private static Optional<Long> boxed(OptionalLong number) {
        return number.isPresent() ? Optional.of(number.getAsLong()) : Optional.empty();
    }

    static TurnFact.FinishReason reason(FinishReason reason) {
        return switch (reason) {
            case STOP -> TurnFact.FinishReason.STOP;
            case LENGTH -> TurnFact.FinishReason.LENGTH;
            case TOOL_CALLS -> TurnFact.FinishReason.TOOL_CALLS;
            case CONTENT_FILTER -> TurnFact.FinishReason.CONTENT_FILTER;
            case OTHER -> TurnFact.FinishReason.OTHER;
        };
    }

    static TurnFailure failure(ProviderFailure failure) {
        return new TurnFailure(failure.code().text(), failure.message(), failure.recoverable(), failure.details());
    }
}
