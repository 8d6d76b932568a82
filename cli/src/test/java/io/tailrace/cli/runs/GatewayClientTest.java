package io.tailrace.cli.runs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.tailrace.cli.display.RunPrinter;
import io.tailrace.cli.sse.ScriptedServer;
import io.tailrace.cli.sse.ScriptedServer.Answer;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 90, unit = TimeUnit.SECONDS)
class GatewayClientTest {

    private static final JsonNode REQUEST =
            JsonNodeFactory.instance.objectNode().put("workspace", "w");

    @Test
    void createsARun() throws Exception {
        try (ScriptedServer server = new ScriptedServer(Answer.of(201, "{\"run_id\":\"r1\"}"));
                GatewayClient client = new GatewayClient(server.address())) {
            assertThat(client.create(REQUEST, Optional.empty())).isEqualTo("r1");
            assertThat(server.asked()).containsExactly("POST /v1/runs");
            assertThat(server.bodies()).containsExactly("{\"workspace\":\"w\"}");
        }
    }

    @Test
    void takesTheIdFromTheLocationWhenTheDecisionWasNotReadBackInTime() throws Exception {
        try (ScriptedServer server = new ScriptedServer(Answer.of(202, "").with("Location", "/v1/runs/r2?cursor=v1x"));
                GatewayClient client = new GatewayClient(server.address())) {
            assertThat(client.create(REQUEST, Optional.of("key"))).isEqualTo("r2");
        }
    }

    @Test
    void tellsAProblemWithItsFieldAndCode() throws Exception {
        try (ScriptedServer server = new ScriptedServer(Answer.of(
                        400,
                        "{\"title\":\"Bad\",\"status\":400,\"detail\":\"The program to run is missing\","
                                + "\"code\":\"invalid_value\",\"field\":\"plan[0].phases[0].argv\"}"));
                GatewayClient client = new GatewayClient(server.address())) {
            assertThatThrownBy(() -> client.create(REQUEST, Optional.empty()))
                    .isInstanceOf(GatewayFailure.class)
                    .hasMessage("The program to run is missing (at plan[0].phases[0].argv) [invalid_value]");
        }
    }

    @Test
    void tellsWhenSomethingElseAnswers() throws Exception {
        try (ScriptedServer server = new ScriptedServer(Answer.of(502, "<html>Bad gateway"));
                GatewayClient client = new GatewayClient(server.address())) {
            assertThatThrownBy(() -> client.run("r"))
                    .isInstanceOf(GatewayFailure.class)
                    .hasMessageContaining("502")
                    .hasMessageContaining("<html>Bad gateway");
        }
    }

    @Test
    void tellsWhenNobodyAnswers() throws Exception {
        ScriptedServer server = new ScriptedServer();
        server.close();
        try (GatewayClient client = new GatewayClient(server.address())) {
            assertThatThrownBy(() -> client.run("r"))
                    .isInstanceOf(GatewayFailure.class)
                    .hasMessageContaining("No gateway answers at " + server.address())
                    .hasMessageContaining("tailrace up");
        }
    }

    @Test
    void anIdCannotLeadToAnotherRoute() throws Exception {
        try (ScriptedServer server =
                        new ScriptedServer(Answer.of(404, "{\"detail\":\"unknown\",\"code\":\"unknown_run\"}"));
                GatewayClient client = new GatewayClient(server.address())) {
            assertThatThrownBy(() -> client.cancel("../x?y")).hasMessage("unknown [unknown_run]");
            assertThat(server.asked()).containsExactly("POST /v1/runs/..%2Fx%3Fy/cancel");
        }
    }

    @Test
    void asksForTheProviders() throws Exception {
        try (ScriptedServer server = new ScriptedServer(
                        Answer.of(200, "{\"providers\":[]}"),
                        Answer.of(503, "{\"detail\":\"Try again\",\"code\":\"catalogue_behind\"}"));
                GatewayClient client = new GatewayClient(server.address())) {
            assertThat(client.providers().path("providers").isArray()).isTrue();
            assertThatThrownBy(client::providers).hasMessage("Try again [catalogue_behind]");
            assertThat(server.asked()).containsOnly("GET /v1/providers");
        }
    }

    @Test
    void downloadsEveryEventLineByLine() throws Exception {
        try (ScriptedServer server = new ScriptedServer(Answer.of(200, "{\"sequence\":1}\n{\"sequence\":2}\n"));
                GatewayClient client = new GatewayClient(server.address())) {
            List<Long> sequences = new ArrayList<>();
            client.download("r", event -> sequences.add(event.path("sequence").asLong()));
            assertThat(sequences).containsExactly(1L, 2L);
        }
    }

    @Test
    void watchingARunTellsHowItEndedByItsExitCode() throws Exception {
        assertThat(watch("succeeded")).isZero();
        assertThat(watch("failed")).isEqualTo(1);
        assertThat(watch("canceled")).isEqualTo(1);
    }

    @Test
    void watchingARunThatEndedBeforeAsksHow() throws Exception {
        try (ScriptedServer server = new ScriptedServer(Answer.of(204, ""), Answer.of(200, "{\"status\":\"failed\"}"));
                GatewayClient client = new GatewayClient(server.address())) {
            assertThat(new Watch(client, new RunPrinter(false), System.out, System.err).follow("r", Optional.of("end")))
                    .isEqualTo(1);
        }
    }

    private static int watch(String outcome) throws Exception {
        String stream = "event: stream.open\nid: 0\nretry: 10\ndata: {}\n\n"
                + "event: run.completed\nid: 1\ndata: {\"sequence\":1,\"type\":\"run.completed\",\"payload\":{\"outcome\":\""
                + outcome + "\"}}\n\nevent: stream.end\nid: 2\ndata: {}\n\n";
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        try (ScriptedServer server = new ScriptedServer(Answer.stream(stream));
                GatewayClient client = new GatewayClient(server.address());
                PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8)) {
            int exit = new Watch(client, new RunPrinter(false), out, System.err).follow("r", Optional.empty());
            assertThat(printed.toString(StandardCharsets.UTF_8)).contains("■ " + outcome);
            return exit;
        }
    }

    @Test
    void watchingWithoutAGatewaySaysAtOnceThatItIsTriedAndUntilWhen() throws Exception {
        ScriptedServer nobody = new ScriptedServer();
        nobody.close();
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        try (GatewayClient client = new GatewayClient(nobody.address());
                PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
                PrintStream err = new PrintStream(said, true, StandardCharsets.UTF_8)) {
            Watch watch = new Watch(client, new RunPrinter(false), out, err);
            Thread watching = Thread.ofVirtual().start(() -> follow(watch));
            Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> said.size() > 0);
            watching.interrupt();
            watching.join();
        }
        assertThat(said.toString(StandardCharsets.UTF_8))
                .matches(
                        "tailrace: cannot reach the gateway at http://127\\.0\\.0\\.1:[0-9]+ \\(nobody answers there\\);"
                                + " trying again until [0-9]{2}:[0-9]{2}:[0-9]{2}\\R");
        assertThat(printed.size()).isZero();
    }

    private static void follow(Watch watch) {
        try {
            int _ = watch.follow("r", Optional.empty());
        } catch (InterruptedException enough) {
            Thread.currentThread().interrupt();
        }
    }
}
