package io.tailrace.gateway.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tailrace.events.id.RunId;
import io.tailrace.events.kafka.TopicSettings;
import io.tailrace.events.kafka.Topics;
import io.tailrace.events.log.Topic;
import io.tailrace.events.reading.CursorToken;
import io.tailrace.events.reading.RunCursor;
import io.tailrace.gateway.testing.Answer;
import io.tailrace.gateway.testing.ScriptedCoordinator;
import io.tailrace.gateway.testing.TestGateway;
import io.tailrace.local.broker.BrokerSettings;
import io.tailrace.local.broker.EmbeddedBroker;
import io.tailrace.local.process.FreePorts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
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
                assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofMinutes(1));

                await().atMost(Duration.ofMinutes(1))
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
                await().atMost(Duration.ofMinutes(1))
                        .until(() -> coordinator.taken().size() > commandsBefore);
                await().atMost(Duration.ofMinutes(1))
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
            for (String check : List.of("log", "catalogue", "configurations")) {
                assertThat(ready.json().get("checks").get(check).asString())
                        .as(check)
                        .isNotEqualTo("ok");
            }
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
                assertThat(gateway.get("/workspaces/demo/configurations").status())
                        .isEqualTo(200);
            }
        }
    }

    @Test
    void topicsThatAreMadeAnewAreAnotherLog(@TempDir Path folder) throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder, BrokerSettings.forTests());
                TestGateway gateway = TestGateway.startOn(broker.bootstrapServers())) {
            gateway.awaitReady();
            Answer before = create(broker, gateway);
            String run = before.text("run_id");

            try (Admin admin =
                    Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers()))) {
                List<String> topics =
                        Arrays.stream(Topic.values()).map(Topic::topicName).toList();
                admin.deleteTopics(topics).all().get();
                await().atMost(Duration.ofMinutes(1))
                        .until(() ->
                                Collections.disjoint(admin.listTopics().names().get(), topics));
                // What was just created is not known to every broker at once.
                await().atMost(Duration.ofMinutes(1))
                        .ignoreException(ExecutionException.class)
                        .untilAsserted(() -> Topics.ensure(
                                admin, new TopicSettings(TestGateway.PARTITIONS, 1, 1, Duration.ofDays(1))));
            }

            await().atMost(Duration.ofMinutes(1))
                    .until(() -> gateway.get("/v1/runs/" + run).status() == 404);
            gateway.awaitReady();
            assertThat(gateway.get("/v1/runs").json().get("runs").size()).isZero();
            Answer after = create(broker, gateway);
            assertThat(cursor(after).epoch()).isNotEqualTo(cursor(before).epoch());
            // A promise of the log before means nothing in this one.
            assertThat(gateway.get("/v1/runs/" + run + "?cursor=" + before.text("cursor"))
                            .status())
                    .isEqualTo(404);
        }
    }

    private static Answer create(EmbeddedBroker broker, TestGateway gateway) {
        try (ScriptedCoordinator _ = new ScriptedCoordinator(broker.bootstrapServers(), TestGateway.PARTITIONS)) {
            Answer created = gateway.post("/v1/runs", BODY);
            assertThat(created.status()).as(created.body()).isEqualTo(201);
            return created;
        }
    }

    private static RunCursor cursor(Answer run) throws RunCursor.MalformedCursor {
        return CursorToken.parse(run.text("cursor")).claimed();
    }
}
