package io.tailrace.turn.provider.trace;

import io.tailrace.service.trace.RunSpan;
import io.tailrace.turn.provider.CallEnd;
import io.tailrace.turn.provider.GenerationSettings;
import io.tailrace.turn.provider.ModelRequest;
import io.tailrace.turn.provider.ProviderFailure;
import io.tailrace.turn.provider.ProviderFamily;
import io.tailrace.turn.provider.Usage;
import java.util.List;
import java.util.OptionalLong;

/**
 * What the span of a provider call says, by version 1.41 of OpenTelemetry's semantic conventions for generative AI, which
 * still develop: their names are here and nowhere else. What is asked and answered is never among it.
 */
final class GenAi {
    static final String OPERATION = "gen_ai.operation.name";
    static final String PROVIDER = "gen_ai.provider.name";
    static final String REQUEST_MODEL = "gen_ai.request.model";
    static final String MAX_TOKENS = "gen_ai.request.max_tokens";
    static final String TEMPERATURE = "gen_ai.request.temperature";
    static final String TOP_P = "gen_ai.request.top_p";
    static final String FINISH_REASONS = "gen_ai.response.finish_reasons";
    static final String INPUT_TOKENS = "gen_ai.usage.input_tokens";
    static final String CACHED_INPUT_TOKENS = "gen_ai.usage.cache_read.input_tokens";
    static final String OUTPUT_TOKENS = "gen_ai.usage.output_tokens";

    /** The operation, which begins the span's name too. */
    static final String CHAT = "chat";

    private GenAi() {}

    static String spanName(ModelRequest request) {
        return CHAT + " " + request.model();
    }

    static void asked(RunSpan span, ProviderFamily family, ModelRequest request) {
        GenerationSettings settings = request.settings();
        span.with(OPERATION, CHAT).with(PROVIDER, provider(family)).with(REQUEST_MODEL, request.model());
        settings.maxOutputTokens().ifPresent(it -> span.with(MAX_TOKENS, it));
        settings.temperature().ifPresent(it -> span.with(TEMPERATURE, it));
        settings.topP().ifPresent(it -> span.with(TOP_P, it));
    }

    static void ended(RunSpan span, CallEnd end) {
        switch (end) {
            case CallEnd.Finished finished -> {
                span.with(FINISH_REASONS, List.of(finished.reason().text()));
                used(span, finished.usage());
            }
            case CallEnd.Failed failed -> {
                failed.partial().ifPresent(it -> used(span, it));
                ProviderFailure failure = failed.failure();
                span.failed(failure.code().text(), failure.message());
            }
            case CallEnd.Canceled canceled -> {
                canceled.partial().ifPresent(it -> used(span, it));
                span.failed("canceled", "Canceled before the answer was complete.");
            }
        }
    }

    private static void used(RunSpan span, Usage usage) {
        count(span, INPUT_TOKENS, usage.input());
        count(span, CACHED_INPUT_TOKENS, usage.cachedInput());
        count(span, OUTPUT_TOKENS, usage.output());
    }

    private static void count(RunSpan span, String attribute, OptionalLong tokens) {
        tokens.ifPresent(it -> span.with(attribute, it));
    }

    /** The conventions' names where they have one. */
    private static String provider(ProviderFamily family) {
        return switch (family) {
            case OPENAI -> "openai";
            case ANTHROPIC -> "anthropic";
            case BEDROCK -> "aws.bedrock";
            case SCRIPTED -> "scripted";
        };
    }
}
