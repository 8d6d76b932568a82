package io.tailrace.turn.provider.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
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
import io.tailrace.turn.provider.json.ErrorBody;
import io.tailrace.turn.provider.json.Numbers;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * One call in the format Responses. What completes an answer is {@code response.completed} or {@code response.incomplete}. Texts and
 * arguments come in pieces, and again as a whole in three forms: of a part, of an item, of the response; what only a whole form has is
 * part of the answer too.
 */
final class ResponsesCall implements AdapterCall {

    private final ProviderDefinition definition;
    private final ModelRequest request;
    private final Function<Exchange, OpenAIClient> clients;
    private final ToolCalls toolCalls = new ToolCalls();
    private final SaidSoFar text = new SaidSoFar();
    private final SaidSoFar reasoning = new SaidSoFar();
    private final Map<String, SaidSoFar> parts = new HashMap<>();
    private boolean refused;

    ResponsesCall(ProviderDefinition definition, ModelRequest request, Function<Exchange, OpenAIClient> clients) {
        this.definition = definition;
        this.request = request;
        this.clients = clients;
    }

    @Override
    public void perform(Exchange exchange) throws Exception {
        var parameters = ResponsesRequest.of(definition, request);
        try (HttpResponse answer =
                clients.apply(exchange).responses().withRawResponse().createStreaming(parameters)) {
            AnswerEvents.read(
                    answer.headers().values("content-type").stream().findFirst(),
                    answer.body(),
                    ResponsesCall::whole,
                    event -> read(event, exchange));
        }
    }

    private static List<JsonNode> whole(JsonNode answer) {
        return answer.path("output").isArray()
                ? List.of(JsonNodeFactory.instance
                        .objectNode()
                        .put("type", "response.completed")
                        .set("response", answer))
                : List.of();
    }

    private void read(JsonNode event, Exchange exchange) throws IOException {
        JsonNode item = event.path("item");
        OptionalLong position = Numbers.of(event.path("output_index"));
        switch (event.path("type").asText("")) {
            case "response.output_text.delta" -> exchange.emit(new ModelDelta.Text(piece(text, event)));
            case "response.refusal.delta" -> {
                refused = true;
                exchange.emit(new ModelDelta.Text(piece(text, event)));
            }
            case "response.reasoning_text.delta", "response.reasoning_summary_text.delta" ->
                exchange.emit(new ModelDelta.Reasoning(piece(reasoning, event)));
            case "response.output_text.done" -> exchange.emit(new ModelDelta.Text(rest(text, event, "text")));
            case "response.refusal.done" -> {
                refused = true;
                exchange.emit(new ModelDelta.Text(rest(text, event, "refusal")));
            }
            case "response.reasoning_text.done", "response.reasoning_summary_text.done" ->
                exchange.emit(new ModelDelta.Reasoning(rest(reasoning, event, "text")));
            case "response.output_item.added" -> {
                if (item.path("type").asText().equals("function_call")) {
                    emit(
                            toolCalls.begin(
                                    position.orElse(-1),
                                    ContentParts.string(item.path("call_id")),
                                    item.path("name").asText("")),
                            exchange);
                    emitWhole(item, position, exchange);
                }
            }
            case "response.function_call_arguments.delta" ->
                emit(
                        toolCalls.piece(
                                position,
                                Optional.empty(),
                                Optional.empty(),
                                event.path("delta").asText("")),
                        exchange);
            case "response.function_call_arguments.done" ->
                emit(
                        toolCalls.whole(
                                position,
                                Optional.empty(),
                                ContentParts.string(event.path("name")),
                                ContentParts.json(event.path("arguments"))),
                        exchange);
            case "response.output_item.done" -> emitWhole(item, position, exchange);
            case "response.completed", "response.incomplete", "response.failed", "response.done" ->
                end(event.path("response"), exchange);
            default -> {} // an event of progress, or one that is newer than this
        }
    }

    private static String part(JsonNode event) {
        return event.path("type").asText("").replaceFirst("\\.[a-z]+$", "")
                + event.path("output_index")
                + event.path("content_index")
                + event.path("summary_index");
    }

    private String piece(SaidSoFar whole, JsonNode event) {
        String delta = event.path("delta").asText("");
        return whole.piece(
                parts.computeIfAbsent(part(event), _ -> new SaidSoFar()).piece(delta));
    }

    private String rest(SaidSoFar whole, JsonNode event, String field) {
        SaidSoFar part = parts.computeIfAbsent(part(event), _ -> new SaidSoFar());
        return whole.beyondPart(part, event.path(field).asText(""));
    }

    /** A call as its item has it; arguments that are told at its beginning are often empty. */
    private void emitWhole(JsonNode item, OptionalLong position, Exchange exchange) {
        if (item.path("type").asText().equals("function_call")) {
            emit(
                    toolCalls.whole(
                            position,
                            ContentParts.string(item.path("call_id")),
                            ContentParts.string(item.path("name")),
                            ContentParts.json(item.path("arguments"))),
                    exchange);
        }
    }

    private static void emit(List<ModelDelta.ToolCall> pieces, Exchange exchange) {
        pieces.forEach(exchange::emit);
    }

    private void end(JsonNode response, Exchange exchange) throws IOException {
        tellUsage(response.path("usage"), exchange);
        String status = response.path("status").asText("completed");
        if (!status.equals("completed") && !status.equals("incomplete")) {
            ErrorBody error = ErrorBody.of(response.path("error"));
            throw ProviderSaid.failed(
                    error.kind(), error.message().isEmpty() ? "the response is " + status : error.message());
        }
        StringBuilder said = new StringBuilder();
        StringBuilder thought = new StringBuilder();
        for (JsonNode item : response.path("output")) {
            for (JsonNode content : item.path("content")) {
                refused |= content.path("refusal").isTextual();
                said.append(ContentParts.texts(content))
                        .append(content.path("refusal").asText(""));
            }
            thought.append(ContentParts.texts(item.path("summary")));
        }
        exchange.emit(new ModelDelta.Reasoning(reasoning.beyond(thought.toString())));
        exchange.emit(new ModelDelta.Text(text.beyond(said.toString())));
        response.path("output").forEach(item -> emitWhole(item, OptionalLong.empty(), exchange));
        if (toolCalls.hasNameless()) {
            throw ProviderSaid.failed("", "a call of a tool that it does not name");
        }
        exchange.finished(reason(response, status));
    }

    private FinishReason reason(JsonNode response, String status) {
        if (status.equals("incomplete")) {
            return switch (response.path("incomplete_details").path("reason").asText("max_output_tokens")) {
                case "max_output_tokens" -> FinishReason.LENGTH;
                case "content_filter" -> FinishReason.CONTENT_FILTER;
                default -> FinishReason.OTHER;
            };
        }
        if (refused) {
            return FinishReason.CONTENT_FILTER;
        }
        return toolCalls.isEmpty() ? FinishReason.STOP : FinishReason.TOOL_CALLS;
    }

    private static void tellUsage(JsonNode told, Exchange exchange) {
        exchange.usage(new Usage(
                Numbers.of(told.path("input_tokens")),
                Numbers.of(told.path("input_tokens_details").path("cached_tokens")),
                Numbers.of(told.path("output_tokens")),
                Numbers.of(told.path("output_tokens_details").path("reasoning_tokens")),
                Numbers.of(told.path("total_tokens"))));
    }

    @Override
    public ProviderFailure explain(Exception error) {
        return ErrorAnswer.unexpected(definition, error);
    }
}
