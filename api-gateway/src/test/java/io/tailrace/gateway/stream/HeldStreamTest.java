package io.tailrace.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.tailrace.events.plan.BuildStep;
import io.tailrace.events.plan.EnvironmentStep;
import io.tailrace.events.plan.Plan;
import io.tailrace.gateway.kafka.LogConnection;
import io.tailrace.gateway.testing.Answer;
import io.tailrace.gateway.testing.Refusal;
import io.tailrace.gateway.testing.TestGateway;
import io.tailrace.gateway.testing.WrittenRun;
import io.tailrace.local.broker.BrokerSettings;
import io.tailrace.local.broker.EmbeddedBroker;
import io.tailrace.local.process.FreePorts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A browser's EventSource never comes back from an error: whatever our trouble is, the clients of streams are kept. */
class HeldStreamTest {
    private static final String QUICK = "tailrace.gateway.stream.heartbeat=200ms";

    private static WrittenRun environment(String servers) {
        EnvironmentStep step = new EnvironmentStep("env", Optional.empty(), false);
        return new WrittenRun(servers, TestGateway.PARTITIONS, new Plan(List.of(BuildStep.ofEnvironment("env", step))));
    }

    private static long scans(TestGateway gateway) {
        return gateway.context()
                .getBean(MeterRegistry.class)
                .get("tailrace.gateway.scan.wait")
                .timer()
                .count();
    }

    private static void isKept(SseClient client) {
        assertThat(client.status()).isEqualTo(200);
        assertThat(client.header("Content-Type")).isEqualTo("text/event-stream");
        client.await(it -> it.comments() > 2);
        assertThat(client.frames()).isEmpty();
    }

    @Test
    void theStreamsOfAKnownRunWaitForABrokerThatIsAway(@TempDir Path folder) throws Exception {
        EmbeddedBroker broker = EmbeddedBroker.start(folder, BrokerSettings.forTests());
        try (TestGateway gateway = TestGateway.startOn(broker.bootstrapServers(), QUICK)) {
            gateway.awaitReady();
            try (WrittenRun run =
                    environment(broker.bootstrapServers()).begin().phase().output(1, 3, "line")) {
                String path = "/v1/runs/" + run.id();
                String build = "/workspaces/demo/configurations/env/builds/" + run.id() + ".1/stream";
                String last;
                try (SseClient before = new SseClient(gateway.uri(path + "/stream"))) {
                    last = before.awaitEvents(10).numbered().get(4).id();
                }
                String several;
                try (SseClient before = new SseClient(gateway.uri("/v1/streams?run=" + run.id()))) {
                    several = before.awaitEvents(10).numbered().get(4).id();
                }

                broker.killHard();

                await().atMost(Duration.ofSeconds(30))
                        .until(() -> gateway.get(path + "/events").status() == 503
                                && gateway.context()
                                        .getBean(LogConnection.class)
                                        .unreachable()
                                        .isPresent());
                long scans = scans(gateway);
                try (SseClient whole = new SseClient(gateway.uri(path + "/stream"));
                        SseClient rest = new SseClient(gateway.uri(path + "/stream"), "Last-Event-ID", last);
                        SseClient view = new SseClient(gateway.uri(build));
                        SseClient among =
                                new SseClient(gateway.uri("/v1/streams?run=" + run.id()), "Last-Event-ID", several)) {
                    isKept(whole);
                    isKept(rest);
                    isKept(view);
                    assertThat(among.awaitFrame("stream.open").id()).isEqualTo(several);
                    among.await(it -> it.comments() > 2);
                    // Who waits for the brokers does not ask for them in vain again and again.
                    assertThat(scans(gateway)).isEqualTo(scans);
                    // What is not a stream, or cannot be used ever, is told.
                    Refusal.check(gateway.get(path + "/events"), 503, "log_unreadable", "");
                    Refusal.check(
                            gateway.get(path + "/stream", "Last-Event-ID", "nonsense"),
                            400,
                            "malformed_cursor",
                            "Last-Event-ID");
                    Refusal.check(gateway.get(build.replace("/env/", "/other/")), 404, "unknown_build", "");

                    broker.restart();

                    assertThat(rest.awaitEvents(5)
                                    .events()
                                    .getFirst()
                                    .get("sequence")
                                    .asLong())
                            .isEqualTo(6);
                    run.end();
                    for (SseClient each : List.of(whole, rest, view, among)) {
                        each.awaitFrame("stream.end");
                    }
                    assertThat(whole.events()).hasSize(14);
                    assertThat(rest.events()).hasSize(9);
                    assertThat(among.events()).isEqualTo(rest.events());
                }
            }
        } finally {
            broker.close();
        }
    }

    @Test
    void aGatewayThatHasNotReachedItsLogKeepsWhoComes() throws Exception {
        int port = FreePorts.pick(1).getFirst();
        String run = "/v1/runs/r-0123456789abcdef";
        try (TestGateway gateway = TestGateway.startOn("127.0.0.1:" + port, QUICK)) {
            try (SseClient client = new SseClient(gateway.uri(run + "/stream"))) {
                isKept(client);
            }
            try (SseClient client = new SseClient(gateway.uri("/v1/streams?run=r-0123456789abcdef"))) {
                isKept(client);
            }
            Refusal.check(gateway.get(run), 503, "catalogue_behind", "");
            Refusal.check(gateway.get(run + "/stream?cursor=nonsense"), 400, "malformed_cursor", "cursor");
            Answer head = gateway.send("HEAD", run + "/stream", "");
            assertThat(head.status()).isEqualTo(200);
            assertThat(head.header("content-type")).contains("text/event-stream");
        }
    }
}
