package io.tailrace.gateway.environment;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.events.plan.BuildStep;
import io.tailrace.events.plan.EnvironmentStep;
import io.tailrace.events.plan.Plan;
import io.tailrace.gateway.configuration.Archives;
import io.tailrace.gateway.testing.Answer;
import io.tailrace.gateway.testing.Refusal;
import io.tailrace.gateway.testing.ScriptedCoordinator;
import io.tailrace.gateway.testing.TestGateway;
import io.tailrace.gateway.testing.WrittenRun;
import io.tailrace.local.testing.TestKafka;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The environment-build API over HTTP, on a real broker, with runs that the test writes. */
class EnvironmentApiTest {
    private static final String CONFIGURATION = "env" + System.nanoTime();
    private static final String PLACE = "/workspaces/demo/configurations/" + CONFIGURATION;

    private static TestGateway gateway;
    private static ScriptedCoordinator coordinator;

    @BeforeAll
    static void start() throws Exception {
        Files.writeString(TestGateway.recipes().resolve("env.yaml"), """
                python_env:
                  engine: engine
                  engine_package: engine
                """);
        gateway = TestGateway.start("tailrace.gateway.environments.definition=env");
        coordinator = new ScriptedCoordinator(TestKafka.shared().bootstrapServers(), TestGateway.PARTITIONS);
        assertThat(gateway.put(PLACE, Archives.zip(Map.of("setup.py", new byte[] {1})))
                        .status())
                .isEqualTo(201);
    }

    @AfterAll
    static void stop() throws Exception {
        coordinator.close();
        gateway.close();
        Files.delete(TestGateway.recipes().resolve("env.yaml"));
    }

    @Test
    void buildInTheBackgroundIsAnsweredWithItsResource() {
        Answer created = gateway.post(PLACE + "/builds", "{\"stream\":false,\"force\":true}");
        assertThat(created.status()).as(created.body()).isEqualTo(201);
        assertThat(created.text("status")).isEqualTo("queued");
        assertThat(created.text("workspace_id")).isEqualTo("demo");
        assertThat(created.text("configuration_id")).isEqualTo(CONFIGURATION);
        assertThat(created.json().has("started_at")).isTrue();
        assertThat(created.json().has("completed_at")).isTrue();
        String id = created.text("id");
        assertThat(id).isEqualTo(created.text("run_id") + ".1");
        assertThat(created.text("stream_url")).isEqualTo(PLACE + "/builds/" + id + "/stream");
        assertThat(created.header("location")).contains(created.text("stream_url"));
        assertThat(gateway.get(PLACE + "/builds/" + id).json()).isEqualTo(created.json());
        Answer run = gateway.get("/v1/runs/" + created.text("run_id"));
        assertThat(run.json().get("plan").get(0).get("force").asBoolean()).isTrue();
        assertThat(run.json().get("plan").get(0).get("configuration").asString())
                .isEqualTo(CONFIGURATION);
        assertThat(run.json().get("plan").get(0).get("archive").get("digest").asString())
                .isEqualTo(gateway.get(PLACE).text("digest"));
    }

    @Test
    void emptyBodyIsABuildInTheBackground() {
        assertThat(gateway.send("POST", PLACE + "/builds", "").status()).isEqualTo(201);
    }

    @Test
    void sameKeyIsTheSameBuild() {
        String key = "k" + System.nanoTime();
        Answer first = gateway.post(PLACE + "/builds", "{}", "Idempotency-Key", key);
        Answer second = gateway.post(PLACE + "/builds", "{}", "Idempotency-Key", key);
        assertThat(second.status()).isEqualTo(200);
        assertThat(second.text("id")).isEqualTo(first.text("id"));
        Refusal.check(
                gateway.post(PLACE + "/builds", "{\"force\":true}", "Idempotency-Key", key),
                409,
                "idempotency_key_reused",
                Refusal.ANY);
    }

    @Test
    void runBeginsWithTheBuild() {
        Answer created = gateway.post(
                PLACE + "/runs", "{\"plan\":[{\"step\":\"build\",\"recipe\":\"commands\",\"definition\":\"hello\"}]}");
        assertThat(created.status()).as(created.body()).isEqualTo(201);
        Answer run = gateway.get("/v1/runs/" + created.text("run_id"));
        assertThat(run.json().get("plan").size()).isEqualTo(2);
        assertThat(run.json().get("plan").get(0).get("recipe").asString()).isEqualTo("python-env");
    }

    @Test
    void badRequestsAreRefused() {
        String builds = PLACE + "/builds";
        Refusal.check(gateway.post(builds, "{\"stream\":\"yes\"}"), 400, "wrong_type", "stream");
        Refusal.check(gateway.post(builds, "{\"shell\":1}"), 400, "unknown_field", "shell");
        Refusal.check(
                gateway.send("POST", builds, "{\"stream\":true}", "Content-Type", "application/x-www-form-urlencoded"),
                415,
                "unsupported_media_type",
                "Content-Type");
        Refusal.check(gateway.post(builds + "?x=1", "{}"), 400, "unknown_parameter", "x");
        Refusal.check(
                gateway.post(builds, "{\"options\":{\"definition\":\"../x\"}}"),
                400,
                "invalid_value",
                "options.definition");
        Refusal.check(
                gateway.post(builds, "{\"options\":{\"definition\":\"hello\"}}"),
                422,
                "definition_of_another_recipe",
                Refusal.ANY);
        Refusal.check(
                gateway.post("/workspaces/demo/configurations/none/builds", "{}"),
                404,
                "unknown_configuration",
                Refusal.ANY);
        Refusal.check(gateway.get(builds + "/r-none.1"), 404, Refusal.ANY, Refusal.ANY);
        Refusal.check(gateway.get(builds + "/nonsense"), 404, "unknown_build", Refusal.ANY);
        Refusal.check(
                gateway.post(builds, "{\"stream\":true}", "Last-Event-ID", "nonsense"),
                400,
                "malformed_cursor",
                "Last-Event-ID");
        String elsewhere = gateway.post(builds, "{}").text("id");
        Refusal.check(
                gateway.get("/workspaces/demo/configurations/other/builds/" + elsewhere),
                404,
                "unknown_build",
                Refusal.ANY);
    }

    private static WrittenRun written() {
        return new WrittenRun(
                TestKafka.shared().bootstrapServers(),
                TestGateway.PARTITIONS,
                new Plan(List.of(
                        BuildStep.ofEnvironment("env", new EnvironmentStep(CONFIGURATION, Optional.empty(), false)))));
    }

    /** Type and id of each frame of a stream that ends. */
    private static List<List<String>> frames(Answer answer) {
        List<List<String>> frames = new ArrayList<>();
        for (String frame : answer.body().split("\n\n", -1)) {
            String event = field(frame, "event: ");
            String data = field(frame, "data: ");
            if (event.equals("ade.event")) {
                event = data.substring(data.indexOf("\"type\":\"") + 8, data.indexOf("\",\"created_at"));
            }
            if (!data.isEmpty()) {
                frames.add(List.of(event, field(frame, "id: ")));
            }
        }
        return frames;
    }

    private static String field(String frame, String name) {
        return frame.lines()
                .filter(it -> it.startsWith(name))
                .map(it -> it.substring(name.length()))
                .findFirst()
                .orElse("");
    }

    @Test
    void postThatCarriesTheLastEventIdAttachesToThatBuildAndStartsNone() {
        try (WrittenRun run = written().begin().phase().output(2, 2, "line").end()) {
            String stream = PLACE + "/builds/" + run.id() + ".1/stream";
            List<List<String>> all = frames(gateway.get(stream));
            assertThat(all.stream().map(List::getFirst))
                    .containsExactly(
                            "stream.open",
                            "build.created",
                            "build.started",
                            "build.phase.started",
                            "console.line",
                            "console.line",
                            "console.line",
                            "console.line",
                            "build.phase.completed",
                            "build.completed",
                            "stream.end");
            int taken = coordinator.taken().size();
            String first = all.getFirst().get(1);
            Refusal.check(
                    gateway.post(
                            PLACE + "/builds",
                            "{\"stream\":true}",
                            "Last-Event-ID",
                            first.substring(0, first.indexOf('~')) + "~undefined"),
                    400,
                    "foreign_cursor",
                    "Last-Event-ID");
            for (int i = 1; i < all.size() - 1; i++) {
                String id = all.get(i).get(1);
                Answer attached = gateway.post(PLACE + "/builds", "{\"stream\":true}", "Last-Event-ID", id);
                assertThat(attached.header("location")).contains(stream);
                assertThat(frames(attached)).as("after " + i).endsWith(all.getLast());
                assertThat(frames(attached).subList(1, frames(attached).size()))
                        .isEqualTo(all.subList(i + 1, all.size()));
                assertThat(frames(gateway.get(stream, "Last-Event-ID", id)).size())
                        .isEqualTo(frames(attached).size());
            }
            assertThat(coordinator.taken()).hasSize(taken);
            assertThat(gateway.get(stream, "Last-Event-ID", all.getLast().get(1))
                            .status())
                    .isEqualTo(204);
        }
    }
}
