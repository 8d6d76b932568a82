package io.tailrace.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.gateway.testing.Answer;
import io.tailrace.gateway.testing.ScriptedCoordinator;
import io.tailrace.gateway.testing.TestGateway;
import io.tailrace.local.testing.TestKafka;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A browser's EventSource never comes back from an error: the stream of a run that is not decided yet waits. */
class UndecidedStreamTest {
    private static TestGateway gateway;
    private static ScriptedCoordinator coordinator;

    @BeforeAll
    static void start() {
        gateway = TestGateway.start(
                "tailrace.gateway.commands.decide-within=300ms",
                "tailrace.gateway.decisions.stalled-after=500ms",
                "tailrace.gateway.stream.heartbeat=200ms");
        coordinator = new ScriptedCoordinator(TestKafka.shared().bootstrapServers(), TestGateway.PARTITIONS);
    }

    @AfterAll
    static void stop() {
        coordinator.close();
        gateway.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theStreamOfAnUndecidedRunWaitsForIt(boolean withCursor) throws Exception {
        coordinator.holdBack(true);
        Answer accepted = gateway.post("/v1/runs", """
                {"workspace":"demo","plan":[{"step":"build","recipe":"commands","definition":"hello"}]}""");
        assertThat(accepted.status()).isEqualTo(202);
        String plain = "/v1/runs/" + accepted.text("run_id") + "/stream";

        try (SseClient client = new SseClient(gateway.uri(withCursor ? accepted.text("stream_url") : plain))) {
            assertThat(client.status()).isEqualTo(200);
            client.await(it -> it.comments() > 2);
            assertThat(client.frames()).isEmpty();

            coordinator.holdBack(false);
            client.awaitFrame("stream.open");
        }
    }
}
