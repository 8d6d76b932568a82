package io.tailrace.turn.provider.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.turn.provider.ProviderFailure;
import io.tailrace.turn.provider.testing.CannedServer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Refusals whose body is whatever a proxy, a gateway or a broken server makes of it: the status has the meaning. */
@ParameterizedClass
@EnumSource(WireFormat.class)
class RefusalTest {

    private final WireFormat format;

    RefusalTest(WireFormat format) {
        this.format = format;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    502 | text/html        | <html><h1>Bad Gateway</h1></html>                        | provider_error        | Bad Gateway
                    429 | text/plain       | not so fast                                              | rate_limited          | not so fast
                    401 | text/plain       | who are you?                                             | authentication_failed | who are you?
                    500 | text/plain       | ''                                                       | provider_error        | HTTP 500
                    500 | application/json | ''                                                       | provider_error        | HTTP 500
                    500 | application/json | "overloaded"                                             | provider_error        | HTTP 500
                    500 | application/json | null                                                     | provider_error        | HTTP 500
                    500 | application/json | []                                                       | provider_error        | HTTP 500
                    500 | application/json | {"error":null}                                           | provider_error        | HTTP 500
                    500 | application/json | {"error":{"mess                                          | provider_error        | HTTP 500
                    400 | application/json | [{"error":{"code":400,"message":"bad payload","status":"INVALID_ARGUMENT"}}] | invalid_request | HTTP 400
                    422 | application/json | {"detail":[{"loc":["body","x"],"msg":"not permitted"}]}  | invalid_request       | HTTP 422
                    """)
    void theStatusDecidesWhateverTheBodyIs(int status, String contentType, String body, String code, String words)
            throws Exception {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        try (CannedServer server = CannedServer.failing(status + " Refused", contentType, bytes);
                Client client = new Client(format, server.url())) {
            ProviderFailure failure = Client.failure(client.run(Client.asking("hi")));

            assertThat(failure.code().text()).isEqualTo(code);
            assertThat(failure.details()).containsEntry("http_status", Integer.toString(status));
            if (format != WireFormat.BEDROCK) {
                assertThat(failure.message()).contains(words);
            }
            assertThat(failure.message()).doesNotContain("java.", "com.", "software.");
            assertThat(server.request()).isNotEmpty();
            assertThat(server.hasRequest()).isFalse();
        }
    }
}
