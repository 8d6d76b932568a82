package io.tailrace.turn.provider.bedrock;

import io.tailrace.turn.provider.FinishReason;
import io.tailrace.turn.provider.ModelDelta;
import io.tailrace.turn.provider.ModelRequest;
import io.tailrace.turn.provider.ProviderDefinition;
import io.tailrace.turn.provider.ProviderFailure;
import io.tailrace.turn.provider.Usage;
import io.tailrace.turn.provider.call.AdapterCall;
import io.tailrace.turn.provider.call.Exchange;
import io.tailrace.turn.provider.call.ToolCalls;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeAsyncClient;
import software.amazon.awssdk.services.bedrockruntime.model.ContentBlockDelta;
import software.amazon.awssdk.services.bedrockruntime.model.ContentBlockDeltaEvent;
import software.amazon.awssdk.services.bedrockruntime.model.ContentBlockStartEvent;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamMetadataEvent;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamOutput;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamResponseHandler;
import software.amazon.awssdk.services.bedrockruntime.model.MessageStopEvent;
import software.amazon.awssdk.services.bedrockruntime.model.TokenUsage;

/** One call of ConverseStream. What completes an answer is {@code messageStop}; the usage comes after it, in {@code metadata}. */
final class ConverseCall implements AdapterCall {

    private final ProviderDefinition definition;
    private final ModelRequest request;
    private final BedrockRuntimeAsyncClient client;
    private final ToolCalls toolCalls = new ToolCalls();

    ConverseCall(ProviderDefinition definition, ModelRequest request, BedrockRuntimeAsyncClient client) {
        this.definition = definition;
        this.request = request;
        this.client = client;
    }

    @Override
    public void perform(Exchange exchange) throws Exception {
        var parameters = ConverseRequest.of(definition, request);
        EventQueue events = new EventQueue();
        CompletableFuture<Void> answer = client.converseStream(
                parameters,
                ConverseStreamResponseHandler.builder()
                        .onEventStream(stream -> stream.subscribe(events))
                        .onError(events::onError)
                        .build());
        exchange.closeWith(() -> {
            answer.cancel(true);
            events.close();
        });
        ConverseStreamResponseHandler.Visitor reader = new Reader(exchange);
        Optional<ConverseStreamOutput> event = events.next();
        while (event.isPresent()) {
            exchange.arrived();
            event.get().accept(reader);
            event = events.next();
        }
    }

    @Override
    public ProviderFailure explain(Exception error) {
        return BedrockErrors.explain(definition, error);
    }

    /** Confined to the thread that runs the call. */
    private final class Reader implements ConverseStreamResponseHandler.Visitor {

        private final Exchange exchange;

        private Reader(Exchange exchange) {
            this.exchange = exchange;
        }

        @Override
        public void visitContentBlockStart(ContentBlockStartEvent event) {
            if (event.start() != null && event.start().toolUse() != null) {
                var tool = event.start().toolUse();
                toolCalls
                        .begin(
                                event.contentBlockIndex(),
                                Optional.ofNullable(tool.toolUseId()),
                                Optional.ofNullable(tool.name()).orElse(""))
                        .forEach(exchange::emit);
            }
        }

        @Override
        public void visitContentBlockDelta(ContentBlockDeltaEvent event) {
            ContentBlockDelta delta = event.delta();
            if (delta == null) {
                return;
            }
            if (delta.text() != null) {
                exchange.emit(new ModelDelta.Text(delta.text()));
            }
            if (delta.reasoningContent() != null && delta.reasoningContent().text() != null) {
                exchange.emit(new ModelDelta.Reasoning(delta.reasoningContent().text()));
            }
            if (delta.toolUse() != null && delta.toolUse().input() != null) {
                toolCalls
                        .piece(
                                OptionalLong.of(event.contentBlockIndex()),
                                Optional.empty(),
                                Optional.empty(),
                                delta.toolUse().input())
                        .forEach(exchange::emit);
            }
        }

        @Override
        public void visitMessageStop(MessageStopEvent event) {
            exchange.finished(
                    switch (event.stopReason()) {
                        case END_TURN, STOP_SEQUENCE -> FinishReason.STOP;
                        case TOOL_USE -> FinishReason.TOOL_CALLS;
                        case MAX_TOKENS, MODEL_CONTEXT_WINDOW_EXCEEDED -> FinishReason.LENGTH;
                        case CONTENT_FILTERED, GUARDRAIL_INTERVENED -> FinishReason.CONTENT_FILTER;
                        case MALFORMED_MODEL_OUTPUT, MALFORMED_TOOL_USE, UNKNOWN_TO_SDK_VERSION -> FinishReason.OTHER;
                    });
        }

        @Override
        public void visitMetadata(ConverseStreamMetadataEvent event) {
            if (event.usage() != null) {
                exchange.usage(usage(event.usage()));
            }
        }
    }

    /** Bedrock counts input, cache reads and cache writes apart; our input is all three. */
    private static Usage usage(TokenUsage told) {
        Usage usage = Usage.unknown();
        if (told.inputTokens() != null) {
            long cached = orZero(told.cacheReadInputTokens()) + orZero(told.cacheWriteInputTokens());
            usage = usage.withInput(told.inputTokens() + cached);
        }
        if (told.outputTokens() != null) {
            usage = usage.withOutput(told.outputTokens());
        }
        return told.cacheReadInputTokens() == null ? usage : usage.withCachedInput(told.cacheReadInputTokens());
    }

    private static long orZero(@Nullable Integer tokens) {
        return tokens == null ? 0 : tokens;
    }
}
