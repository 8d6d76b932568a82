package io.tailrace.turn.provider.bedrock;

import io.tailrace.turn.provider.ProviderDefinition;
import io.tailrace.turn.provider.ProviderFailure;
import io.tailrace.turn.provider.http.ErrorAnswer;
import io.tailrace.turn.provider.json.ErrorBody;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/** What the SDK throws, as a failure. An exception inside of a stream has no status of its own, only a name. */
final class BedrockErrors {

    private static final Map<String, Integer> STATUS_OF_NAME = Map.ofEntries(
            Map.entry("accessDeniedException", 403),
            Map.entry("conflictException", 409),
            Map.entry("internalServerException", 500),
            Map.entry("modelErrorException", 424),
            Map.entry("modelNotReadyException", 503),
            Map.entry("modelStreamErrorException", 424),
            Map.entry("modelTimeoutException", 408),
            Map.entry("resourceNotFoundException", 404),
            Map.entry("serviceQuotaExceededException", 429),
            Map.entry("serviceUnavailableException", 503),
            Map.entry("throttlingException", 429),
            Map.entry("validationException", 400));

    private BedrockErrors() {}

    static ProviderFailure explain(ProviderDefinition provider, Exception error) {
        if (!(error instanceof AwsServiceException answered)) {
            return ErrorAnswer.unexpected(provider, error);
        }
        Optional<AwsErrorDetails> details = Optional.ofNullable(answered.awsErrorDetails());
        ErrorBody body = details.flatMap(known -> Optional.ofNullable(known.rawResponse()))
                .map(bytes -> ErrorBody.parse(bytes.asByteArray()))
                .orElse(ErrorBody.parse(new byte[0]));
        String name = details.map(AwsErrorDetails::errorCode).orElse(body.kind());
        String said = details.map(AwsErrorDetails::errorMessage).orElse(body.message());
        return new ErrorAnswer(
                        provider,
                        status(answered, name),
                        name,
                        said,
                        header -> details.map(AwsErrorDetails::sdkHttpResponse)
                                .flatMap(response -> response.firstMatchingHeader(header)))
                .failure();
    }

    private static int status(AwsServiceException error, String name) {
        String key = name.isEmpty() ? "" : Character.toLowerCase(name.charAt(0)) + name.substring(1);
        int status = error.statusCode();
        return STATUS_OF_NAME.getOrDefault(key, status >= 300 ? status : 500);
    }
}
