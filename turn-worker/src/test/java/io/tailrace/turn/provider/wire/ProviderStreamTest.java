package io.tailrace.turn.provider.wire;

import static io.tailrace.turn.provider.wire.Client.asking;
import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.turn.provider.CallEnd;
import io.tailrace.turn.provider.CallTimeouts;
import io.tailrace.turn.provider.FailureCode;
import io.tailrace.turn.provider.FinishReason;
import io.tailrace.turn.provider.ModelDelta;
import io.tailrace.turn.provider.ProviderFailure;
import io.tailrace.turn.provider.Usage;
import io.tailrace.turn.provider.testing.CannedServer;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What every adapter makes of answers that no well-behaved server gives, byte by byte. Needs nothing. */
@ParameterizedClass
@EnumSource(WireFormat.class)
class ProviderStreamTest {

    private static final ModelDelta HELLO = new ModelDelta.Text("Hello");

    private final WireFormat format;

    ProviderStreamTest(WireFormat format) {
        this.format = format;
    }

    @Test
    void usageCountsCachedInputAsInput() throws Exception {
        try (CannedServer server = CannedServer.answering(format.contentType(), format.completed());
                Client client = new Client(format, server.url())) {
            CallEnd.Finished end = (CallEnd.Finished) client.run(asking("hi"));

            Usage usage = end.usage();
            assertThat(usage.input()).hasValue(160);
            assertThat(usage.cachedInput()).hasValue(50);
            assertThat(usage.output()).hasValue(7);
            assertThat(usage.total()).hasValue(167);
            if (format == WireFormat.BEDROCK) {
                assertThat(usage.reasoning()).isEmpty();
            } else {
                assertThat(usage.reasoning()).hasValue(3);
            }
        }
    }

    @Test
    void aStreamThatEndsInOrderButWithoutItsTerminalEventIsAFailure() throws Exception {
        try (CannedServer server = CannedServer.answering(format.contentType(), format.begun());
                Client client = new Client(format, server.url())) {
            CallEnd end = client.run(asking("hi"));

            assertThat(Client.failure(end).message()).contains("stream ended early");
            assertThat(Client.failure(end).recoverable()).isTrue();
            assertThat(client.deltas()).containsExactly(HELLO);
            if (format == WireFormat.ANTHROPIC) {
                assertThat(((CallEnd.Failed) end).partial().orElseThrow().input())
                        .hasValue(160);
            }
        }
    }

    @Test
    void anAnswerIsCompleteWithoutAnEndOfItsStream() throws Exception {
        try (CannedServer server = CannedServer.lingering(format.contentType(), format.completed());
                Client client = new Client(format, server.url())) {
            long before = System.nanoTime();

            CallEnd end = client.run(asking("hi"));

            assertThat(((CallEnd.Finished) end).reason()).isEqualTo(FinishReason.STOP);
            assertThat(((CallEnd.Finished) end).usage().input()).hasValue(160);
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(50));
        }
    }

    /** Each byte is a sign of life, so nothing but the whole call's time ends it. */
    @Test
    @Timeout(120)
    void aStreamThatDripsForEverIsEndedByTheTimeOfTheWholeCall() throws Exception {
        byte[] drops = format == WireFormat.BEDROCK ? format.begun() : ":\n".getBytes(StandardCharsets.UTF_8);
        CallTimeouts timeouts = new CallTimeouts(Duration.ofMinutes(1), Duration.ofMinutes(1), Duration.ofSeconds(3));
        try (CannedServer server = CannedServer.dripping(format.contentType(), format.begun(), drops);
                Client client = new Client(format, server.url())) {
            ProviderFailure failure = Client.failure(client.run(asking("hi").withTimeouts(timeouts)));

            assertThat(failure.code()).isEqualTo(FailureCode.TIMEOUT);
            assertThat(failure.details()).containsEntry("timeout", "total");
            assertThat(client.deltas()).isNotEmpty().containsOnly(HELLO);
        }
    }

    @Test
    void anErrorWithinTheStreamKeepsItsMeaning() throws Exception {
        try (CannedServer server = CannedServer.answering(format.contentType(), format.brokenOff());
                Client client = new Client(format, server.url())) {
            ProviderFailure failure = Client.failure(client.run(asking("hi")));

            assertThat(failure.code()).isEqualTo(FailureCode.RATE_LIMITED);
            assertThat(failure.recoverable()).isTrue();
            assertThat(failure.message()).contains("Too fast.");
            assertThat(client.deltas()).containsExactly(HELLO);
        }
    }

    @Test
    void theCredentialGoesToTheServerAndNowhereElse() throws Exception {
        try (CannedServer server = CannedServer.failing(
                        "401 Unauthorized",
                        "",
                        request -> "{\"error\":{\"message\":\"You sent "
                                + request.lines()
                                        .filter(line -> line.contains("sk-secret"))
                                        .findFirst()
                                        .orElse("nothing")
                                        .replace("\"", "")
                                + "\"}}");
                Client client = new Client(format, server.url())) {
            ProviderFailure failure = Client.failure(client.run(asking("hi")));

            String head = server.request().toLowerCase(Locale.ROOT);
            assertThat(head)
                    .contains(
                            switch (format) {
                                case OPENAI_CHAT, OPENAI_RESPONSES -> "authorization: bearer " + WireFormat.SECRET;
                                case ANTHROPIC -> "x-api-key: " + WireFormat.SECRET;
                                case BEDROCK -> "authorization: aws4-hmac-sha256 credential=" + WireFormat.SECRET;
                            });
            assertThat(head.contains("anthropic-version: ")).isEqualTo(format == WireFormat.ANTHROPIC);
            assertThat(failure.code()).isEqualTo(FailureCode.AUTHENTICATION_FAILED);
            assertThat(failure.message()).contains("You sent", "***");
            assertThat(failure.toString()).doesNotContain(WireFormat.SECRET);
        }
    }

    @Test
    void aDateToRetryAfterIsUnderstood() throws Exception {
        try (CannedServer server = CannedServer.failing(
                        "429 Too Many Requests",
                        "Date: Sat, 21 Nov 2026 18:00:00 GMT\r\nRetry-After: Sat, 21 Nov 2026 18:00:20 GMT\r\n",
                        _ -> "{}");
                Client client = new Client(format, server.url())) {
            assertThat(Client.failure(client.run(asking("hi"))).details()).containsEntry("retry_after_ms", "20000");
        }
    }

    @Test
    void whatIsNoAnswerIsAFailure() throws Exception {
        byte[] page = "<html><body>Log in, please</body></html>".getBytes(StandardCharsets.UTF_8);
        try (CannedServer server = CannedServer.answering("text/html", page);
                Client client = new Client(format, server.url())) {
            assertThat(Client.failure(client.run(asking("hi"))).code()).isEqualTo(FailureCode.PROVIDER_ERROR);
        }
    }

    @Test
    void aRedirectIsNotFollowed() throws Exception {
        try (CannedServer elsewhere = CannedServer.answering(format.contentType(), format.completed());
                CannedServer server = CannedServer.failing(
                        "307 Temporary Redirect", "Location: " + elsewhere.url() + "/\r\n", _ -> "{}");
                Client client = new Client(format, server.url())) {
            ProviderFailure failure = Client.failure(client.run(asking("hi")));

            assertThat(failure.code()).isEqualTo(FailureCode.PROVIDER_ERROR);
            assertThat(failure.message()).contains("base_url");
        }
    }

    @Test
    void aProviderThatCannotBeReachedIsARecoverableFailureThatNamesIt() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        try (Client client = new Client(format, URI.create("http://127.0.0.1:" + port))) {
            ProviderFailure failure = Client.failure(client.run(asking("hi")));

            assertThat(failure.code()).isEqualTo(FailureCode.PROVIDER_ERROR);
            assertThat(failure.recoverable()).isTrue();
            assertThat(failure.message()).contains("\"mock\"", "127.0.0.1:" + port, "it cannot be connected to");
        }
    }
}
