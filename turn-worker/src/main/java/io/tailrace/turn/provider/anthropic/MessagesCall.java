package io.tailrace.turn.provider.anthropic;

import com.anthropic.client.AnthropicClient;
import com.anthropic.core.http.HttpResponse;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tailrace.turn.provider.FinishReason;
import io.tailrace.turn.provider.ModelDelta;
import io.tailrace.turn.provider.ModelRequest;
import io.tailrace.turn.provider.ProviderDefinition;
import io.tailrace.turn.provider.ProviderFailure;
import io.tailrace.turn.provider.call.AdapterCall;
import io.tailrace.turn.provider.call.Exchange;
import io.tailrace.turn.provider.call.ToolCalls;
import io.tailrace.turn.provider.http.AnswerEvents;
import io.tailrace.turn.provider.http.ErrorAnswer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * One call in the format Messages. What completes an answer is {@code message_stop}, or the end of the stream after a {@code stop_reason}.
 * A block may have content at its start already, which is part of the answer.
 */
final class MessagesCall implements AdapterCall {

    private final ProviderDefinition definition;
    private final ModelRequest request;
    private final Function<Exchange, AnthropicClient> clients;
    private final ToolCalls toolCalls = new ToolCalls();
    private final MessagesUsage usage = new MessagesUsage();

    /** What a call's block had as its input at the start: it counts where no pieces follow. */
    private final Map<Long, String> inputs = new HashMap<>();

    private Optional<FinishReason> reason = Optional.empty();
    private boolean stopped;

    MessagesCall(ProviderDefinition definition, ModelRequest request, Function<Exchange, AnthropicClient> clients) {
        this.definition = definition;
        this.request = request;
        this.clients = clients;
    }

    @Override
    public void perform(Exchange exchange) throws Exception {
        var parameters = MessagesRequest.of(definition, request);
        try (HttpResponse answer =
                clients.apply(exchange).messages().withRawResponse().createStreaming(parameters)) {
            AnswerEvents.read(
                    answer.headers().values("content-type").stream().findFirst(),
                    answer.body(),
                    MessagesCall::whole,
                    event -> read(event, exchange));
            if (!stopped) {
                reason.ifPresent(exchange::finished);
            }
        }
    }

    /** A message that came whole, as the events that it would have been. */
    private static List<JsonNode> whole(JsonNode message) {
        if (!message.path("content").isArray()) {
            return List.of();
        }
        List<JsonNode> events = new ArrayList<>();
        events.add(event("message_start").set("message", message));
        for (int i = 0; i < message.path("content").size(); i++) {
            ObjectNode start = event("content_block_start").put("index", i);
            events.add(start.set("content_block", message.path("content").path(i)));
            events.add(event("content_block_stop").put("index", i));
        }
        events.add(event("message_delta").set("delta", message));
        events.add(event("message_stop"));
        return events;
    }

    private static ObjectNode event(String type) {
        return JsonNodeFactory.instance.objectNode().put("type", type);
    }

    private void read(JsonNode event, Exchange exchange) throws IOException {
        long block = event.path("index").asLong();
        switch (event.path("type").asText("")) {
            case "message_start" -> {
                usage.told(event.path("message").path("usage"));
                exchange.usage(usage.soFar());
            }
            case "content_block_start" -> start(block, event.path("content_block"), exchange);
            case "content_block_delta" -> read(block, event.path("delta"), exchange);
            case "content_block_stop" -> stop(block, exchange);
            case "message_delta" -> {
                usage.told(event.path("usage"));
                exchange.usage(usage.soFar());
                JsonNode told = event.path("delta").path("stop_reason");
                if (told.isTextual()) {
                    reason = Optional.of(reason(told.textValue()));
                }
            }
            case "message_stop" -> {
                stopped = true;
                List.copyOf(inputs.keySet()).forEach(it -> stop(it, exchange));
                exchange.finished(reason.orElse(toolCalls.isEmpty() ? FinishReason.STOP : FinishReason.TOOL_CALLS));
            }
            default -> {} // a sign of life, or an event that is newer than this
        }
    }

    private void start(long block, JsonNode content, Exchange exchange) {
        switch (content.path("type").asText("")) {
            case "text" ->
                exchange.emit(new ModelDelta.Text(content.path("text").asText("")));
            case "thinking" ->
                exchange.emit(new ModelDelta.Reasoning(content.path("thinking").asText("")));
            case "tool_use" -> {
                JsonNode input = content.path("input");
                if (input.isObject() && !input.isEmpty()) {
                    inputs.put(block, input.toString());
                }
                toolCalls
                        .begin(
                                block,
                                Optional.of(content.path("id").asText("")),
                                content.path("name").asText(""))
                        .forEach(exchange::emit);
            }
            default -> {} // a block of a kind that is newer than this
        }
    }

    private void read(long block, JsonNode delta, Exchange exchange) {
        switch (delta.path("type").asText("")) {
            case "text_delta" ->
                exchange.emit(new ModelDelta.Text(delta.path("text").asText("")));
            case "thinking_delta" ->
                exchange.emit(new ModelDelta.Reasoning(delta.path("thinking").asText("")));
            case "input_json_delta" -> {
                String piece = delta.path("partial_json").asText("");
                if (toolCalls.has(block) && !piece.isEmpty()) {
                    inputs.remove(block);
                    toolCalls
                            .piece(OptionalLong.of(block), Optional.empty(), Optional.empty(), piece)
                            .forEach(exchange::emit);
                }
            }
            default -> {} // a signature, a citation, or a delta that is newer than this
        }
    }

    private void stop(long block, Exchange exchange) {
        Optional.ofNullable(inputs.remove(block))
                .ifPresent(input -> toolCalls
                        .whole(OptionalLong.of(block), Optional.empty(), Optional.empty(), input)
                        .forEach(exchange::emit));
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
        return ErrorAnswer.unexpected(definition, error);
    }
}
