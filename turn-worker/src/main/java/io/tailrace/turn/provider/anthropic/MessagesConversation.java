package io.tailrace.turn.provider.anthropic;

import com.anthropic.client.AnthropicClient;
import com.anthropic.core.http.StreamResponse;
import com.anthropic.models.messages.RawContentBlockDelta;
import com.anthropic.models.messages.RawMessageStreamEvent;
import io.tailrace.turn.provider.FinishReason;
import io.tailrace.turn.provider.ModelDelta;
import io.tailrace.turn.provider.ModelRequest;
import io.tailrace.turn.provider.ProviderDefinition;
import io.tailrace.turn.provider.ProviderFailure;
import io.tailrace.turn.provider.call.Conversation;
import io.tailrace.turn.provider.call.Exchange;
import io.tailrace.turn.provider.call.ToolCalls;
import java.util.Optional;
import java.util.function.Function;

/** One call in the format Messages. What completes an answer is {@code message_stop} after a {@code stop_reason}. */
final class MessagesConversation implements Conversation {

    private final ProviderDefinition definition;
    private final ModelRequest request;
    private final Function<Exchange, AnthropicClient> clients;
    private final ToolCalls toolCalls = new ToolCalls();
    private final MessagesUsage usage = new MessagesUsage();
    private Optional<FinishReason> reason = Optional.empty();

    MessagesConversation(
            ProviderDefinition definition, ModelRequest request, Function<Exchange, AnthropicClient> clients) {
        this.definition = definition;
        this.request = request;
        this.clients = clients;
    }

    @Override
    public void converse(Exchange exchange) throws Exception {
        var parameters = MessagesRequest.of(definition, request);
        try (StreamResponse<RawMessageStreamEvent> answer =
                clients.apply(exchange).messages().createStreaming(parameters)) {
            answer.stream().forEachOrdered(event -> read(event, exchange));
        }
    }

    private void read(RawMessageStreamEvent event, Exchange exchange) {
        event.messageStart().ifPresent(start -> {
            usage.started(start.message().usage());
            exchange.usage(usage.soFar());
        });
        event.contentBlockStart()
                .ifPresent(start -> start.contentBlock()
                        .toolUse()
                        .ifPresent(tool -> exchange.emit(
                                toolCalls.piece(start.index(), Optional.of(tool.id()), Optional.of(tool.name()), ""))));
        event.contentBlockDelta().ifPresent(block -> read(block.index(), block.delta(), exchange));
        event.messageDelta().ifPresent(delta -> {
            usage.continued(delta.usage());
            exchange.usage(usage.soFar());
            delta.delta().stopReason().ifPresent(told -> reason = Optional.of(reason(told.asString())));
        });
        event.messageStop().ifPresent(_ -> reason.ifPresent(exchange::finished));
    }

    private void read(long block, RawContentBlockDelta delta, Exchange exchange) {
        delta.text().ifPresent(piece -> exchange.emit(new ModelDelta.Text(piece.text())));
        delta.thinking().ifPresent(piece -> exchange.emit(new ModelDelta.Reasoning(piece.thinking())));
        delta.inputJson()
                .filter(_ -> toolCalls.has(block))
                .ifPresent(piece ->
                        exchange.emit(toolCalls.piece(block, Optional.empty(), Optional.empty(), piece.partialJson())));
    }

    private static FinishReason reason(String told) {
        return switch (told) {
            case "end_turn", "stop_sequence" -> FinishReason.STOP;
            case "max_tokens", "model_context_window_exceeded" -> FinishReason.LENGTH;
            case "tool_use" -> FinishReason.TOOL_CALLS;
            case "refusal" -> FinishReason.CONTENT_FILTER;
            default -> FinishReason.OTHER;
        };
    }

    @Override
    public ProviderFailure explain(Exception error) {
        return AnthropicErrors.explain(definition, error);
    }
}
