package io.tailrace.turn.provider.openai;

import com.openai.client.OpenAIClient;
import com.openai.core.JsonField;
import com.openai.core.JsonString;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionChunk.Choice;
import com.openai.models.completions.CompletionUsage;
import io.tailrace.turn.provider.FinishReason;
import io.tailrace.turn.provider.ModelDelta;
import io.tailrace.turn.provider.ModelRequest;
import io.tailrace.turn.provider.ProviderDefinition;
import io.tailrace.turn.provider.ProviderFailure;
import io.tailrace.turn.provider.Usage;
import io.tailrace.turn.provider.call.Conversation;
import io.tailrace.turn.provider.call.Exchange;
import io.tailrace.turn.provider.call.ToolCalls;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * One call in the format Chat Completions. Lenient, because compatible servers are not all alike: the usage may never come, {@code [DONE]}
 * neither, fields may be missing. What completes an answer is a {@code finish_reason}.
 */
final class ChatConversation implements Conversation {

    /** Where servers put what is no field of OpenAI's. */
    private static final List<String> REASONING = List.of("reasoning_content", "reasoning");

    private final ProviderDefinition definition;
    private final ModelRequest request;
    private final Function<Exchange, OpenAIClient> clients;
    private final ToolCalls toolCalls = new ToolCalls();
    private boolean refused;

    ChatConversation(ProviderDefinition definition, ModelRequest request, Function<Exchange, OpenAIClient> clients) {
        this.definition = definition;
        this.request = request;
        this.clients = clients;
    }

    @Override
    public void converse(Exchange exchange) throws Exception {
        var parameters = ChatRequest.of(definition, request);
        try (StreamResponse<ChatCompletionChunk> answer =
                clients.apply(exchange).chat().completions().createStreaming(parameters)) {
            answer.stream().forEachOrdered(chunk -> read(chunk, exchange));
        }
    }

    private void read(ChatCompletionChunk chunk, Exchange exchange) {
        for (Choice choice : chunk._choices().asKnown().orElse(List.of())) {
            if (choice._index().asKnown().orElse(0L) == 0) {
                choice._delta().asKnown().ifPresent(delta -> read(delta, exchange));
                choice.finishReason().ifPresent(reason -> exchange.finished(reason(reason.asString())));
            }
        }
        chunk._usage().asKnown().ifPresent(usage -> exchange.usage(usage(usage)));
    }

    private void read(Choice.Delta delta, Exchange exchange) {
        Map<String, JsonValue> all = delta._allProperties();
        REASONING.stream()
                .flatMap(name -> all.get(name) instanceof JsonString text ? Stream.of(text.value()) : Stream.empty())
                .findFirst()
                .ifPresent(text -> exchange.emit(new ModelDelta.Reasoning(text)));
        delta.content().ifPresent(text -> exchange.emit(new ModelDelta.Text(text)));
        delta.refusal().ifPresent(text -> {
            refused = true;
            exchange.emit(new ModelDelta.Text(text));
        });
        delta.toolCalls().orElse(List.of()).forEach(call -> exchange.emit(piece(call)));
    }

    private ModelDelta.ToolCall piece(Choice.Delta.ToolCall call) {
        Optional<Choice.Delta.ToolCall.Function> function = call.function();
        Optional<String> id = call.id().filter(text -> !text.isEmpty());
        long unnumbered = id.isPresent() ? toolCalls.size() : Math.max(0, toolCalls.size() - 1);
        return toolCalls.piece(
                call._index().asKnown().orElse(unnumbered),
                id,
                function.flatMap(Choice.Delta.ToolCall.Function::name),
                function.flatMap(Choice.Delta.ToolCall.Function::arguments).orElse(""));
    }

    /** Servers that call tools and say that they stopped mean that they wait for the tools. */
    private FinishReason reason(String told) {
        return switch (told) {
            case "stop" -> {
                if (refused) {
                    yield FinishReason.CONTENT_FILTER;
                }
                yield toolCalls.isEmpty() ? FinishReason.STOP : FinishReason.TOOL_CALLS;
            }
            case "length" -> FinishReason.LENGTH;
            case "tool_calls", "function_call" -> FinishReason.TOOL_CALLS;
            case "content_filter" -> FinishReason.CONTENT_FILTER;
            default -> FinishReason.OTHER;
        };
    }

    /** OpenAI counts cached tokens within the input, and reasoning within the output, as we do. */
    private static Usage usage(CompletionUsage told) {
        return new Usage(
                number(told._promptTokens()),
                told.promptTokensDetails()
                        .map(details -> number(details._cachedTokens()))
                        .orElse(OptionalLong.empty()),
                number(told._completionTokens()),
                told.completionTokensDetails()
                        .map(details -> number(details._reasoningTokens()))
                        .orElse(OptionalLong.empty()),
                number(told._totalTokens()));
    }

    private static OptionalLong number(JsonField<Long> field) {
        return field.asKnown().map(OptionalLong::of).orElse(OptionalLong.empty());
    }

    @Override
    public ProviderFailure explain(Exception error) {
        return OpenAiErrors.explain(definition, error);
    }
}
