package io.tailrace.gateway.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tailrace.events.id.RunId;
import io.tailrace.gateway.testing.Answer;
import io.tailrace.gateway.testing.ScriptedCoordinator;
import io.tailrace.gateway.testing.TestGateway;
import io.tailrace.local.broker.BrokerSettings;
import io.tailrace.local.broker.EmbeddedBroker;
import io.tailrace.local.process.FreePorts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The gateway while the broker is down, and after. */
class OutageTest {
    private static final String BODY = """
            {"workspace":"demo","plan":[{"step":"build","recipe":"commands","definition":"hello"}]}""";

    @Test
    void commandsAreRefusedQuicklyWhileTheBrokerIsDownAndTakenAfter(@TempDir Path folder) throws Exception {
        EmbeddedBroker broker = EmbeddedBroker.start(folder, BrokerSettings.forTests());
        try (TestGateway gateway =
                TestGateway.startOn(broker.bootstrapServers(), "tailrace.gateway.commands.send-within=1s")) {
            gateway.awaitReady();
            try (ScriptedCoordinator coordinator =
                    new ScriptedCoordinator(broker.bootstrapServers(), TestGateway.PARTITIONS)) {
                String known = gateway.post("/v1/runs", BODY).text("run_id");
                assertThat(known).isNotEmpty();
                String key = UUID.randomUUID().toString();
                int commandsBefore = coordinator.taken().size();

                broker.killHard();

                long began = System.nanoTime();
                Answer first = gateway.post("/v1/runs", BODY);
                assertThat(first.status()).isEqualTo(503);
                assertThat(first.text("code")).isIn("command_unconfirmed", "log_unreachable");
                assertThat(first.header("retry-after")).isPresent();
                assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(4));

                await().atMost(Duration.ofSeconds(15))
                        .until(() -> gateway.get("/health/ready").status() == 503);
                assertThat(gateway.get("/actuator/health/readiness").status()).isEqualTo(503);
                assertThat(gateway.get("/health/live").status()).isEqualTo(200);
                assertThat(gateway.get("/actuator/health/liveness").status()).isEqualTo(200);

                Answer unsent = gateway.post("/v1/runs/" + known + "/cancel", "{}");
                assertThat(unsent.status()).isEqualTo(503);
                assertThat(unsent.text("code")).isEqualTo("log_unreachable");
                assertThat(gateway.get("/v1/runs/" + known).status()).isEqualTo(200);
                assertThat(gateway.get("/v1/runs").status()).isEqualTo(200);
                Answer unknown = gateway.get("/v1/runs/" + RunId.of(UUID.randomUUID()));
                assertThat(unknown.status()).isEqualTo(503);
                assertThat(unknown.text("code")).isEqualTo("catalogue_behind");

                broker.restart();

                gateway.awaitReady();
                Answer after = gateway.post("/v1/runs", BODY, "Idempotency-Key", key);
                assertThat(after.status()).as(after.body()).isIn(201, 202);
                await().atMost(Duration.ofSeconds(20))
                        .until(() -> coordinator.taken().size() > commandsBefore);
                await().atMost(Duration.ofSeconds(20))
                        .until(() -> gateway.post("/v1/runs", BODY, "Idempotency-Key", key)
                                        .status()
                                == 200);
            }
        } finally {
            broker.close();
        }
    }

    @Test
    void processThatIsThereBeforeItsBrokerWaitsForIt(@TempDir Path folder) throws Exception {
        int port = FreePorts.pick(1).getFirst();
        try (TestGateway gateway = TestGateway.startOn("127.0.0.1:" + port)) {
            assertThat(gateway.get("/health/live").status()).isEqualTo(200);
            Answer ready = gateway.get("/health/ready");
            assertThat(ready.status()).isEqualTo(503);
            assertThat(ready.json().get("checks").get("log").asString()).isNotEqualTo("ok");
            assertThat(gateway.post("/v1/runs", BODY).text("code")).isEqualTo("log_unreachable");
            assertThat(gateway.get("/v1/runs").text("code")).isEqualTo("catalogue_loading");

            try (EmbeddedBroker broker = EmbeddedBroker.start(
                    folder,
                    BrokerSettings.durable(port)
                            .endingWithParent()
                            .withJvmOptions(BrokerSettings.forTests().jvmOptions()))) {
                gateway.awaitReady();
                assertThat(broker.isAlive()).isTrue();
                assertThat(gateway.get("/v1/runs").status()).isEqualTo(200);
            }
        }
    }
}
