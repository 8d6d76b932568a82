package io.tailrace.turn.provider.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.openai.client.OpenAIClient;
import com.openai.core.http.HttpResponse;
import io.tailrace.turn.provider.FinishReason;
import io.tailrace.turn.provider.ModelDelta;
import io.tailrace.turn.provider.ModelRequest;
import io.tailrace.turn.provider.ProviderDefinition;
import io.tailrace.turn.provider.ProviderFailure;
import io.tailrace.turn.provider.Usage;
import io.tailrace.turn.provider.call.AdapterCall;
import io.tailrace.turn.provider.call.Exchange;
import io.tailrace.turn.provider.call.SaidSoFar;
import io.tailrace.turn.provider.call.ToolCalls;
import io.tailrace.turn.provider.http.AnswerEvents;
import io.tailrace.turn.provider.http.ErrorAnswer;
import io.tailrace.turn.provider.http.ProviderSaid;
import io.tailrace.turn.provider.json.Numbers;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * One call in the format Chat Completions. Lenient, because compatible servers are not all alike: the usage may never come, {@code [DONE]}
 * neither, fields may be missing, a content may be a list, a whole message may come instead of its pieces. What completes an answer is a
 * {@code finish_reason}, or {@code [DONE]} after some of it.
 */
final class ChatCall implements AdapterCall {

    /** Where servers put what is no field of OpenAI's. */
    private static final List<String> REASONING = List.of("reasoning_content", "reasoning");

    /** More of answers that were not asked for is not kept. */
    private static final int MAX_OTHERS = 20_000;

    private final ProviderDefinition definition;
    private final ModelRequest request;
    private final Function<Exchange, OpenAIClient> clients;
    private final ToolCalls toolCalls = new ToolCalls();
    private final SaidSoFar text = new SaidSoFar();
    private final SaidSoFar reasoning = new SaidSoFar();
    private final List<JsonNode> others = new ArrayList<>();
    private boolean hasFirst;
    private boolean hasSaid;
    private boolean hasFinished;
    private boolean refused;

    ChatCall(ProviderDefinition definition, ModelRequest request, Function<Exchange, OpenAIClient> clients) {
        this.definition = definition;
        this.request = request;
        this.clients = clients;
    }

    @Override
    public void perform(Exchange exchange) throws Exception {
        var parameters = ChatRequest.of(definition, request);
        try (HttpResponse answer =
                clients.apply(exchange).chat().completions().withRawResponse().createStreaming(parameters)) {
            AnswerEvents.read(
                    answer.headers().values("content-type").stream().findFirst(),
                    answer.body(),
                    whole -> whole.path("choices").isArray() ? List.of(whole) : List.of(),
                    new AnswerEvents.Taking() {
                        @Override
                        public void take(JsonNode event) throws IOException {
                            read(event, exchange);
                        }

                        @Override
                        public void done() throws IOException {
                            readOthers(exchange);
                            if (hasSaid && !hasFinished) {
                                finish("stop", exchange);
                            }
                        }
                    });
            readOthers(exchange);
        }
    }

    private void read(JsonNode event, Exchange exchange) throws IOException {
        for (JsonNode choice : event.path("choices")) {
            JsonNode index = choice.path("index");
            if (index.isMissingNode() || index.isNull() || index.asLong(-1) == 0) {
                hasFirst = true;
                readChoice(choice, exchange);
            } else if (!hasFirst && others.size() < MAX_OTHERS) {
                others.add(choice);
            }
        }
        tellUsage(event.path("usage"), exchange);
    }

    /** Of several answers the first counts; where nothing is called the first one, it is the one with the lowest number. */
    private void readOthers(Exchange exchange) throws IOException {
        if (hasFirst || others.isEmpty()) {
            return;
        }
        hasFirst = true;
        long lowest =
                others.stream().mapToLong(it -> it.path("index").asLong()).min().orElseThrow();
        for (JsonNode choice : others) {
            if (choice.path("index").asLong() == lowest) {
                readChoice(choice, exchange);
            }
        }
    }

    private void readChoice(JsonNode choice, Exchange exchange) throws IOException {
        if (choice.path("delta").isObject()) {
            readMessage(choice.path("delta"), false, exchange);
        } else if (choice.path("message").isObject()) {
            readMessage(choice.path("message"), true, exchange);
        }
        tellUsage(choice.path("usage"), exchange);
        String reason = choice.path("finish_reason").asText("").strip().toLowerCase(Locale.ROOT);
        if (!reason.isEmpty() && !reason.equals("null")) {
            finish(reason, exchange);
        }
    }

    private void readMessage(JsonNode message, boolean whole, Exchange exchange) {
        JsonNode content = message.path("content");
        String thought = REASONING.stream()
                .map(name -> message.path(name).asText(""))
                .filter(it -> !it.isEmpty() && !it.equals("null"))
                .findFirst()
                .orElseGet(
                        () -> ContentParts.reasoning(content) + ContentParts.texts(message.path("reasoning_details")));
        String said = ContentParts.text(content);
        String refusal =
                message.path("refusal").isTextual() ? message.path("refusal").textValue() : "";
        refused |= !refusal.isEmpty();
        emit(new ModelDelta.Reasoning(whole ? reasoning.beyond(thought) : reasoning.piece(thought)), exchange);
        emit(new ModelDelta.Text(whole ? text.beyond(said + refusal) : text.piece(said + refusal)), exchange);
        message.path("tool_calls").forEach(call -> readToolCall(call, whole, exchange));
        if (message.path("function_call").isObject()) {
            emit(
                    toolCalls.piece(
                            OptionalLong.of(Long.MIN_VALUE),
                            Optional.empty(),
                            ContentParts.string(message.path("function_call").path("name")),
                            ContentParts.json(message.path("function_call").path("arguments"))),
                    exchange);
        }
    }

    private void readToolCall(JsonNode call, boolean whole, Exchange exchange) {
        OptionalLong position = call.path("index").isNumber()
                ? OptionalLong.of(call.path("index").asLong())
                : OptionalLong.empty();
        Optional<String> id = ContentParts.string(call.path("id"));
        Optional<String> name = ContentParts.string(call.path("function").path("name"));
        String arguments = ContentParts.json(call.path("function").path("arguments"));
        emit(
                whole ? toolCalls.whole(position, id, name, arguments) : toolCalls.piece(position, id, name, arguments),
                exchange);
    }

    private void emit(List<ModelDelta.ToolCall> pieces, Exchange exchange) {
        pieces.forEach(piece -> emit(piece, exchange));
    }

    private void emit(ModelDelta delta, Exchange exchange) {
        hasSaid |= exchange.emit(delta);
    }

    private void finish(String told, Exchange exchange) throws IOException {
        emit(toolCalls.rest(), exchange);
        if (toolCalls.hasNameless()) {
            throw ProviderSaid.failed("", "a call of a tool that it does not name");
        }
        hasFinished = true;
        exchange.finished(reason(told));
    }

    /** Servers that call tools and say that they stopped mean that they wait for the tools; without a call there is none to wait for. */
    private FinishReason reason(String told) {
        return switch (told) {
            case "stop", "eos", "end_turn", "tool_calls", "function_call" -> {
                if (refused) {
                    yield FinishReason.CONTENT_FILTER;
                }
                yield toolCalls.isEmpty() ? FinishReason.STOP : FinishReason.TOOL_CALLS;
            }
            case "length", "max_tokens", "model_context_window_exceeded" -> FinishReason.LENGTH;
            case "content_filter" -> FinishReason.CONTENT_FILTER;
            default -> FinishReason.OTHER;
        };
    }

    /** OpenAI counts cached tokens within the input, and reasoning within the output, as we do. */
    private static void tellUsage(JsonNode told, Exchange exchange) {
        if (told.isObject()) {
            exchange.usage(new Usage(
                    Numbers.of(told.path("prompt_tokens")),
                    Numbers.of(told.path("prompt_tokens_details").path("cached_tokens")),
                    Numbers.of(told.path("completion_tokens")),
                    Numbers.of(told.path("completion_tokens_details").path("reasoning_tokens")),
                    Numbers.of(told.path("total_tokens"))));
        }
    }

    @Override
    public ProviderFailure explain(Exception error) {
        return ErrorAnswer.unexpected(definition, error);
    }
}
