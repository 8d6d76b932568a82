package io.tailrace.turn.provider.anthropic;

import com.anthropic.core.http.Headers;
import com.anthropic.errors.AnthropicServiceException;
import com.anthropic.errors.SseException;
import com.fasterxml.jackson.databind.JsonNode;
import io.tailrace.turn.provider.ProviderDefinition;
import io.tailrace.turn.provider.ProviderFailure;
import io.tailrace.turn.provider.http.ErrorAnswer;
import io.tailrace.turn.provider.json.ErrorBody;
import org.jspecify.annotations.Nullable;

/** What the SDK throws, as a failure. */
final class AnthropicErrors {

    private AnthropicErrors() {}

    static ProviderFailure explain(ProviderDefinition provider, Exception error) {
        return switch (error) {
            case SseException inStream ->
                answer(provider, inStream, ErrorAnswer.statusOf(body(inStream).kind()));
            case AnthropicServiceException answered -> answer(provider, answered, answered.statusCode());
            default -> ErrorAnswer.unexpected(provider, error);
        };
    }

    private static ProviderFailure answer(ProviderDefinition provider, AnthropicServiceException error, int status) {
        ErrorBody body = body(error);
        Headers headers = error.headers();
        return new ErrorAnswer(
                        provider,
                        status,
                        body.kind(),
                        body.message(),
                        name -> headers.values(name).stream().findFirst())
                .failure();
    }

    private static ErrorBody body(AnthropicServiceException error) {
        return ErrorBody.of(node(error));
    }

    private static @Nullable JsonNode node(AnthropicServiceException error) {
        return error.body().convert(JsonNode.class);
    }
}
