package io.tailrace.turn.provider.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.turn.provider.FailureCode;
import io.tailrace.turn.provider.GenerationSettings;
import io.tailrace.turn.provider.ModelDefinition;
import io.tailrace.turn.provider.OpenAiApi;
import io.tailrace.turn.provider.ProviderDefinition;
import io.tailrace.turn.provider.ProviderFailure;
import io.tailrace.turn.provider.ProviderFamily;
import java.net.ConnectException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ErrorAnswerTest {

    private static final ProviderDefinition PROVIDER = new ProviderDefinition(
            "claude",
            ProviderFamily.ANTHROPIC,
            OpenAiApi.CHAT,
            Optional.empty(),
            Optional.empty(),
            Optional.of("ANT_KEY"),
            List.of(new ModelDefinition("m", 10, 5, GenerationSettings.unset(), Set.of())),
            Optional.empty());

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    400 | invalid_request_error   | max_tokens is required                                | invalid_request       | false
                    400 | context_length_exceeded | too much                                              | context_overflow      | false
                    400 | invalid_request_error   | prompt is too long: 210000 tokens > 200000 maximum    | context_overflow      | false
                    400 | ValidationException     | Input is too long for requested model.                | context_overflow      | false
                    400 | invalid_request_error   | This model's maximum context length is 8192 tokens.   | context_overflow      | false
                    400 | content_filter          | The response was filtered                             | content_filtered      | false
                    401 | authentication_error    | invalid x-api-key                                     | authentication_failed | false
                    402 | billing_error           | no money                                              | rate_limited          | false
                    403 | permission_error        | not for you                                           | authentication_failed | false
                    404 | model_not_found         | no such model                                         | unknown_model         | false
                    404 | ''                      | Not Found                                             | provider_error        | false
                    408 | ''                      | ''                                                    | timeout               | true
                    413 | request_too_large       | Request exceeds the maximum size                      | context_overflow      | false
                    422 | ''                      | bad field                                             | invalid_request       | false
                    424 | ModelErrorException     | the model failed                                      | provider_error        | true
                    429 | rate_limit_error        | slow down                                             | rate_limited          | true
                    429 | insufficient_quota      | You exceeded your current quota                       | rate_limited          | false
                    500 | api_error               | oops                                                  | provider_error        | true
                    503 | ''                      | <html>no</html>                                       | provider_error        | true
                    504 | timeout_error           | too slow                                              | timeout               | true
                    529 | overloaded_error        | Overloaded                                            | provider_error        | true
                    301 | ''                      | Moved                                                 | provider_error        | false
                    """)
    void everyStatusHasItsCode(int status, String kind, String said, String code, boolean recoverable) {
        ProviderFailure failure = answer(status, kind, said, Map.of()).failure();

        assertThat(failure.code().text()).isEqualTo(code);
        assertThat(failure.recoverable()).isEqualTo(recoverable);
        assertThat(failure.message()).contains("\"claude\"", "HTTP " + status, said);
        assertThat(failure.details()).containsEntry("http_status", Integer.toString(status));
    }

    @ParameterizedTest
    @CsvSource({
        "7,7000",
        "0,0",
        "1.5,1500",
        "'Sat, 21 Nov 2026 18:00:30 GMT',30000",
        "'Sat, 21 Nov 2026 17:00:00 GMT',0"
    })
    void theTimeToWaitIsReadInAllItsForms(String header, String millis) {
        Map<String, String> headers = Map.of("retry-after", header, "date", "Sat, 21 Nov 2026 18:00:00 GMT");

        assertThat(answer(429, "", "", headers).failure().details()).containsEntry("retry_after_ms", millis);
    }

    @Test
    void millisecondsAreMoreExactThanSeconds() {
        Map<String, String> headers = Map.of("retry-after", "2", "retry-after-ms", "1350");

        assertThat(answer(429, "", "", headers).failure().details()).containsEntry("retry_after_ms", "1350");
    }

    @ParameterizedTest
    @CsvSource({"soon", "-1", "99999999999999999999", "''"})
    void aTimeToWaitThatIsNoneIsIgnored(String header) {
        assertThat(answer(429, "", "", Map.of("retry-after", header)).failure().details())
                .doesNotContainKey("retry_after_ms");
    }

    @Test
    void aRefusedCredentialNamesItsVariable() {
        assertThat(answer(401, "", "", Map.of()).failure().message()).contains("ANT_KEY");
    }

    @Test
    void theRequestsIdIsKept() {
        assertThat(answer(500, "", "", Map.of("request-id", "req_1")).failure().details())
                .containsEntry("provider_request_id", "req_1");
    }

    @Test
    void whatAProviderSaysIsShortenedToOneLine() {
        String message = answer(500, "", "a\r\nb\u0007c" + "x".repeat(2000), Map.of())
                .failure()
                .message();

        assertThat(message).contains("a b cxxx").hasSizeLessThan(700).doesNotContain("\n", "\u0007");
    }

    /** Shortened within the credential, what is left of it is still one. */
    @Test
    void aCredentialIsMaskedWhereverAShortenedTextEnds() {
        String key = "sk-secret-0123456789";
        for (int before = 470; before < 505; before++) {
            ProviderFailure failure = answer(400, "x".repeat(before) + key, "y".repeat(before) + key, Map.of())
                    .failure()
                    .without(key);

            assertThat(failure.message() + failure.details()).doesNotContain("sk-s");
        }
    }

    @Test
    void anUnreachableProviderMayBeTriedAgain() {
        ProviderFailure failure = ErrorAnswer.unreachable(PROVIDER, new ConnectException("Connection refused"));

        assertThat(failure.code()).isEqualTo(FailureCode.PROVIDER_ERROR);
        assertThat(failure.recoverable()).isTrue();
        assertThat(failure.message()).contains("Connection refused", "base_url");
    }

    @Test
    void anErrorInsideOfAStreamStandsForAStatus() {
        assertThat(ErrorAnswer.statusOf("overloaded_error")).isEqualTo(529);
        assertThat(ErrorAnswer.statusOf("rate_limit_error")).isEqualTo(429);
        assertThat(ErrorAnswer.statusOf("never_heard_of")).isEqualTo(500);
    }

    private static ErrorAnswer answer(int status, String kind, String said, Map<String, String> headers) {
        return new ErrorAnswer(PROVIDER, status, kind, said, name -> Optional.ofNullable(headers.get(name)));
    }
}
