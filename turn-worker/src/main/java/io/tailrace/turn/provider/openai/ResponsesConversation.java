package io.tailrace.turn.provider.openai;

import com.openai.client.OpenAIClient;
import com.openai.core.JsonField;
import com.openai.core.http.StreamResponse;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseError;
import com.openai.models.responses.ResponseStatus;
import com.openai.models.responses.ResponseStreamEvent;
import com.openai.models.responses.ResponseUsage;
import io.tailrace.turn.provider.FinishReason;
import io.tailrace.turn.provider.ModelDelta;
import io.tailrace.turn.provider.ModelRequest;
import io.tailrace.turn.provider.ProviderDefinition;
import io.tailrace.turn.provider.ProviderFailure;
import io.tailrace.turn.provider.Usage;
import io.tailrace.turn.provider.call.Conversation;
import io.tailrace.turn.provider.call.Exchange;
import io.tailrace.turn.provider.call.ToolCalls;
import java.util.Iterator;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/** One call in the format Responses. What completes an answer is {@code response.completed} or {@code response.incomplete}. */
final class ResponsesConversation implements Conversation {

    private final ProviderDefinition definition;
    private final ModelRequest request;
    private final Function<Exchange, OpenAIClient> clients;
    private final ToolCalls toolCalls = new ToolCalls();
    private boolean refused;

    ResponsesConversation(
            ProviderDefinition definition, ModelRequest request, Function<Exchange, OpenAIClient> clients) {
        this.definition = definition;
        this.request = request;
        this.clients = clients;
    }

    @Override
    public void converse(Exchange exchange) throws Exception {
        var parameters = ResponsesRequest.of(definition, request);
        try (StreamResponse<ResponseStreamEvent> answer =
                clients.apply(exchange).responses().createStreaming(parameters)) {
            Iterator<ResponseStreamEvent> events = answer.stream().iterator();
            while (events.hasNext()) {
                read(events.next(), exchange);
            }
        }
    }

    private void read(ResponseStreamEvent event, Exchange exchange) throws ResponseFailed {
        event.outputTextDelta().ifPresent(piece -> exchange.emit(new ModelDelta.Text(piece.delta())));
        event.reasoningSummaryTextDelta().ifPresent(piece -> exchange.emit(new ModelDelta.Reasoning(piece.delta())));
        event.reasoningTextDelta().ifPresent(piece -> exchange.emit(new ModelDelta.Reasoning(piece.delta())));
        event.refusalDelta().ifPresent(piece -> {
            refused = true;
            exchange.emit(new ModelDelta.Text(piece.delta()));
        });
        event.outputItemAdded()
                .ifPresent(added -> added.item()
                        .functionCall()
                        .ifPresent(call -> exchange.emit(toolCalls.piece(
                                added.outputIndex(), Optional.of(call.callId()), Optional.of(call.name()), ""))));
        event.functionCallArgumentsDelta()
                .ifPresent(piece -> exchange.emit(
                        toolCalls.piece(piece.outputIndex(), Optional.empty(), Optional.empty(), piece.delta())));
        event.completed().ifPresent(end -> finish(end.response(), exchange));
        event.incomplete().ifPresent(end -> finish(end.response(), exchange));
        if (event.failed().isPresent()) {
            Response failed = event.failed().get().response();
            tellUsage(failed, exchange);
            throw new ResponseFailed(
                    failed.error().map(error -> error.code().asString()).orElse(""),
                    failed.error().map(ResponseError::message).orElse(""));
        }
        if (event.error().isPresent()) {
            throw new ResponseFailed(
                    event.error().get().code().orElse(""), event.error().get().message());
        }
    }

    private void finish(Response response, Exchange exchange) {
        exchange.finished(reason(response));
        tellUsage(response, exchange);
    }

    private FinishReason reason(Response response) {
        boolean incomplete =
                response.status().filter(ResponseStatus.INCOMPLETE::equals).isPresent();
        if (incomplete) {
            String why = response.incompleteDetails()
                    .flatMap(Response.IncompleteDetails::reason)
                    .map(Object::toString)
                    .orElse("max_output_tokens");
            return switch (why) {
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

    private static void tellUsage(Response response, Exchange exchange) {
        response.usage().ifPresent(told -> exchange.usage(usage(told)));
    }

    private static Usage usage(ResponseUsage told) {
        return new Usage(
                number(told._inputTokens()),
                told._inputTokensDetails()
                        .asKnown()
                        .map(details -> number(details._cachedTokens()))
                        .orElse(OptionalLong.empty()),
                number(told._outputTokens()),
                told._outputTokensDetails()
                        .asKnown()
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
