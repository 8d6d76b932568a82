package io.tailrace.turn.provider.wire;

import static io.tailrace.turn.provider.wire.Client.asking;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tailrace.turn.provider.CallEnd;
import io.tailrace.turn.provider.CallTimeouts;
import io.tailrace.turn.provider.FailureCode;
import io.tailrace.turn.provider.ProviderCall;
import io.tailrace.turn.provider.ProviderFailure;
import io.tailrace.turn.provider.testing.AiMock;
import io.tailrace.turn.provider.testing.Relay;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Calls that end before their provider wants to: the server sees its connection close, promptly. Needs Node. */
@ParameterizedClass
@EnumSource(WireFormat.class)
class EndedCallWireTest {

    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Duration SHORT = Duration.ofMillis(300);

    /** Generous for a busy machine; each scenario of the server takes longer by itself. */
    private static final Duration PROMPTLY = Duration.ofSeconds(10);

    private final WireFormat format;

    private Relay relay;
    private Client client;

    EndedCallWireTest(WireFormat format) {
        this.format = format;
    }

    @BeforeEach
    void connect() throws Exception {
        relay = new Relay(AiMock.url());
        client = new Client(format, relay.url());
    }

    @AfterEach
    void close() throws Exception {
        if (client != null) {
            client.close();
            relay.close();
        }
    }

    @Test
    void aCancelBeforeTheFirstByteClosesTheConnection() throws Exception {
        ProviderCall call = client.start(asking("scenario slow start."));
        CompletableFuture<CallEnd> end = CompletableFuture.supplyAsync(() -> client.run(call, _ -> {}));
        assertThat(relay.awaitRequest(LONG)).isTrue();

        call.cancel();

        assertThat(end.get(PROMPTLY.toMillis(), TimeUnit.MILLISECONDS)).isInstanceOf(CallEnd.Canceled.class);
        assertThat(relay.awaitClosedByClient(PROMPTLY)).isPresent();
        assertThat(client.deltas()).isEmpty();
    }

    @Test
    void aCancelAmongTheDeltasClosesTheConnectionAndKeepsTheUsageUntilThen() throws Exception {
        ProviderCall call = client.start(asking("scenario long."));
        CompletableFuture<Void> canceled = new CompletableFuture<>();

        CallEnd end = client.run(call, _ -> {
            if (client.deltas().size() == 5) {
                Thread.ofVirtual().start(() -> {
                    call.cancel();
                    canceled.complete(null);
                });
                canceled.join();
            }
        });

        assertThat(end).isInstanceOf(CallEnd.Canceled.class);
        assertThat(relay.awaitClosedByClient(PROMPTLY)).isPresent();
        assertThat(client.deltas()).hasSize(5);
        if (format == WireFormat.ANTHROPIC) {
            assertThat(((CallEnd.Canceled) end).partial().orElseThrow().input()).hasValue(11);
        }
    }

    @Test
    void aCancelBetweenTwoDeltasIsAsPrompt() throws Exception {
        ProviderCall call = client.start(asking("scenario stall."));
        CompletableFuture<CallEnd> end = CompletableFuture.supplyAsync(() -> client.run(call, _ -> {}));
        await().atMost(LONG).until(() -> !client.deltas().isEmpty());

        call.cancel();

        assertThat(end.get(PROMPTLY.toMillis(), TimeUnit.MILLISECONDS)).isInstanceOf(CallEnd.Canceled.class);
        assertThat(relay.awaitClosedByClient(PROMPTLY)).isPresent();
    }

    @Test
    void aCallThatIsCanceledBeforeItRunsOpensNoConnection() {
        ProviderCall call = client.start(asking("scenario plain."));

        call.cancel();

        assertThat(client.run(call, _ -> {})).isInstanceOf(CallEnd.Canceled.class);
        assertThat(relay.connections()).isZero();
    }

    @Test
    void aSlowFirstByteIsATimeoutAndClosesTheConnection() throws Exception {
        ProviderFailure failure = Client.failure(
                client.run(asking("scenario slow start.").withTimeouts(new CallTimeouts(SHORT, LONG, LONG))));

        assertTimeout(failure, "first_byte");
    }

    @Test
    void aStreamThatStallsIsATimeoutAndClosesTheConnection() throws Exception {
        ProviderFailure failure =
                Client.failure(client.run(asking("scenario stall.").withTimeouts(new CallTimeouts(LONG, SHORT, LONG))));

        assertTimeout(failure, "between_bytes");
        assertThat(client.reply().message().text()).isNotEmpty();
    }

    @Test
    void aCallThatTakesTooLongInAllIsATimeoutAndClosesTheConnection() throws Exception {
        ProviderFailure failure =
                Client.failure(client.run(asking("scenario long.").withTimeouts(new CallTimeouts(LONG, LONG, SHORT))));

        assertTimeout(failure, "total");
    }

    private void assertTimeout(ProviderFailure failure, String limit) throws InterruptedException {
        assertThat(failure.code()).isEqualTo(FailureCode.TIMEOUT);
        assertThat(failure.recoverable()).isTrue();
        assertThat(failure.details()).containsEntry("timeout", limit);
        assertThat(relay.awaitClosedByClient(PROMPTLY)).isPresent();
    }
}
