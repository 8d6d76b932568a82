package io.tailrace.turn.provider.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.openai.core.http.Headers;
import com.openai.errors.OpenAIServiceException;
import com.openai.errors.SseException;
import io.tailrace.turn.provider.ProviderDefinition;
import io.tailrace.turn.provider.ProviderFailure;
import io.tailrace.turn.provider.http.ErrorAnswer;
import io.tailrace.turn.provider.json.ErrorBody;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the SDK throws, as a failure. */
final class OpenAiErrors {

    private OpenAiErrors() {}

    static ProviderFailure explain(ProviderDefinition provider, Exception error) {
        return switch (error) {
            case SseException inStream -> {
                ErrorBody body = body(inStream);
                yield answer(provider, inStream, ErrorAnswer.statusOf(body.kind()), body);
            }
            case OpenAIServiceException answered -> answer(provider, answered, answered.statusCode(), body(answered));
            case ResponseFailed failed ->
                new ErrorAnswer(
                                provider,
                                ErrorAnswer.statusOf(failed.kind()),
                                failed.kind(),
                                failed.said(),
                                _ -> Optional.empty())
                        .failure();
            default -> ErrorAnswer.unexpected(provider, error);
        };
    }

    private static ProviderFailure answer(
            ProviderDefinition provider, OpenAIServiceException error, int status, ErrorBody body) {
        Headers headers = error.headers();
        return new ErrorAnswer(
                        provider,
                        status,
                        body.kind(),
                        body.message(),
                        name -> headers.values(name).stream().findFirst())
                .failure();
    }

    private static ErrorBody body(OpenAIServiceException error) {
        return ErrorBody.of(node(error));
    }

    private static @Nullable JsonNode node(OpenAIServiceException error) {
        return error.body().convert(JsonNode.class);
    }
}
