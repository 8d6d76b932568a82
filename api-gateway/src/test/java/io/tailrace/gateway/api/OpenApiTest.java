package io.tailrace.gateway.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.events.command.RunCommand.CreateRun;
import io.tailrace.events.id.RunId;
import io.tailrace.events.id.WorkspaceId;
import io.tailrace.events.plan.BuildStep;
import io.tailrace.events.plan.EnvironmentStep;
import io.tailrace.events.plan.Limits;
import io.tailrace.events.plan.Phase;
import io.tailrace.events.plan.Plan;
import io.tailrace.events.run.RunStatus;
import io.tailrace.gateway.configuration.Archives;
import io.tailrace.gateway.testing.Answer;
import io.tailrace.gateway.testing.ScriptedCoordinator;
import io.tailrace.gateway.testing.ScriptedProviders;
import io.tailrace.gateway.testing.TestGateway;
import io.tailrace.gateway.testing.WrittenRun;
import io.tailrace.local.testing.TestKafka;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The hand-written description has every route of the application, and every status in it is one that it answers. */
class OpenApiTest {
    /** A body of blanks, longer than a gateway that is not told otherwise reads. */
    static final String TOO_LONG = " ".repeat(600_000);

    private static final String BODY = """
            {"workspace":"demo","plan":[{"step":"build","recipe":"commands","definition":"hello"}]}""";
    private static final String UNKNOWN = "/v1/runs/r-0000000000000000";
    private static final Set<String> METHODS = Set.of("get", "post", "put", "delete", "patch", "head", "options");

    private static final String CONFIGURATIONS = "/workspaces/demo/configurations";
    private static final byte[] ARCHIVE = Archives.zip(Map.of("setup.py", new byte[] {2}));

    private static TestGateway gateway;
    private static TestGateway cutOff;
    private static ScriptedCoordinator coordinator;

    @BeforeAll
    static void start() {
        gateway = TestGateway.start(
                "tailrace.gateway.commands.decide-within=300ms", "tailrace.gateway.repositories.answer-within=1m");
        cutOff = TestGateway.startOn("127.0.0.1:1", "tailrace.gateway.catalogue.catch-up-within=100ms");
        ScriptedProviders.record(TestKafka.shared().bootstrapServers(), "worker", ScriptedProviders.scripted());
        coordinator = new ScriptedCoordinator(TestKafka.shared().bootstrapServers(), TestGateway.PARTITIONS);
    }

    @AfterAll
    static void stop() {
        coordinator.close();
        cutOff.close();
        gateway.close();
    }

    @Test
    void everyRouteIsDescribedAndNoOther() {
        RequestMappingHandlerMapping mapping =
                gateway.context().getBean("requestMappingHandlerMapping", RequestMappingHandlerMapping.class);
        Set<String> routes = new TreeSet<>();
        mapping.getHandlerMethods().keySet().forEach(info -> {
            for (String path : info.getPatternValues()) {
                for (RequestMethod method : info.getMethodsCondition().getMethods()) {
                    if (!path.equals("/schema-registry/")) {
                        routes.add(method.name().toLowerCase(Locale.ROOT) + " " + shape(path));
                    }
                }
            }
        });

        Set<String> described = new TreeSet<>();
        operations().keySet().forEach(it -> described.add(shape(it)));

        assertThat(described).isEqualTo(routes);
    }

    @TestFactory
    Stream<DynamicTest> everyDescribedStatusIsAnswered() {
        Map<String, Supplier<Answer>> ways = ways();
        Set<String> described = new TreeSet<>();
        operations().forEach((operation, statuses) -> statuses.forEach(it -> described.add(operation + " " + it)));
        assertThat(ways.keySet()).isEqualTo(described);
        return ways.entrySet().stream()
                .map(way -> DynamicTest.dynamicTest(way.getKey(), () -> {
                    Answer answer = way.getValue().get();
                    int status =
                            Integer.parseInt(way.getKey().substring(way.getKey().lastIndexOf(' ') + 1));
                    assertThat(answer.status()).as(answer.body()).isEqualTo(status);
                }));
    }

    private static Map<String, Supplier<Answer>> ways() {
        Map<String, Supplier<Answer>> ways = new TreeMap<>();
        runs(ways);
        commands(ways);
        events(ways);
        stream(ways);
        streams(ways);
        configurations(ways);
        environments(ways);
        new ExecutionWays(gateway, cutOff).addTo(ways);
        new ChatWays(gateway, cutOff, coordinator).addTo(ways);
        registry(ways);
        ways.put("get /v1/recipes 200", () -> gateway.get("/v1/recipes"));
        ways.put("get /v1/recipes 400", () -> gateway.get("/v1/recipes?x=1"));
        providers(ways);
        new ApprovalWays(gateway, cutOff).addTo(ways);
        new SubscriptionWays(gateway, cutOff).addTo(ways);
        new RepositoryWays(gateway, cutOff).addTo(ways);
        new AssistantWays(gateway, cutOff, coordinator).addTo(ways);
        ways.put("get /health/live 200", () -> cutOff.get("/health/live"));
        ways.put("get /health/ready 200", () -> gateway.get("/health/ready"));
        ways.put("get /health/ready 503", () -> cutOff.get("/health/ready"));
        ways.put("get /v1/status 200", () -> gateway.get("/v1/status"));
        ways.put("get /openapi.yaml 200", () -> gateway.get("/openapi.yaml"));
        return ways;
    }

    private static void providers(Map<String, Supplier<Answer>> ways) {
        ways.put("get /v1/providers 200", () -> gateway.get("/v1/providers"));
        ways.put("get /v1/providers 400", () -> gateway.get("/v1/providers?x=1"));
        ways.put("get /v1/providers 503", () -> cutOff.get("/v1/providers"));
        ways.put("get /v1/providers/{id} 200", () -> {
            ScriptedProviders.record(TestKafka.shared().bootstrapServers(), "worker", ScriptedProviders.scripted());
            return gateway.get("/v1/providers/scripted");
        });
        ways.put("get /v1/providers/{id} 400", () -> gateway.get("/v1/providers/scripted?x=1"));
        ways.put("get /v1/providers/{id} 404", () -> gateway.get("/v1/providers/nobody"));
        ways.put("get /v1/providers/{id} 503", () -> cutOff.get("/v1/providers/scripted"));
    }

    private static void runs(Map<String, Supplier<Answer>> ways) {
        ways.put("get /v1/runs 200", () -> gateway.get("/v1/runs"));
        ways.put("get /v1/runs 400", () -> gateway.get("/v1/runs?limit=0"));
        ways.put("get /v1/runs 406", () -> gateway.get("/v1/runs", "Accept", "text/html"));
        ways.put("get /v1/runs 503", () -> cutOff.get("/v1/runs"));
        ways.put("get /v1/runs/{id} 200", () -> gateway.get("/v1/runs/" + created()));
        ways.put("get /v1/runs/{id} 400", () -> gateway.get("/v1/runs/X"));
        ways.put("get /v1/runs/{id} 404", () -> gateway.get(UNKNOWN));
        ways.put("get /v1/runs/{id} 503", () -> cutOff.get(UNKNOWN));
        String phases = "{\"workspace\":\"demo\",\"plan\":[{\"step\":\"build\",\"recipe\":\"commands\",\"phases\":"
                + "[{\"name\":\"a\",\"argv\":[\"x\"]}]}]}";
        ways.put("post /v1/runs 200", () -> twice("/v1/runs", BODY));
        ways.put("post /v1/runs 201", () -> gateway.post("/v1/runs", BODY));
        ways.put("post /v1/runs 202", () -> heldBack("/v1/runs", BODY));
        ways.put("post /v1/runs 400", () -> gateway.post("/v1/runs", "{}"));
        ways.put("post /v1/runs 403", () -> gateway.post("/v1/runs", phases));
        ways.put("post /v1/runs 409", () -> {
            String key = UUID.randomUUID().toString();
            gateway.post("/v1/runs", BODY, "Idempotency-Key", key);
            return gateway.post("/v1/runs", BODY.replace("}]}", "}],\"title\":\"t\"}"), "Idempotency-Key", key);
        });
        ways.put("post /v1/runs 413", () -> gateway.post("/v1/runs", TOO_LONG));
        ways.put("post /v1/runs 415", () -> gateway.send("POST", "/v1/runs", BODY));
        ways.put("post /v1/runs 422", () -> gateway.post("/v1/runs", BODY.replace("hello", "nix")));
        ways.put("post /v1/runs 503", () -> cutOff.post("/v1/runs", BODY));
    }

    private static void commands(Map<String, Supplier<Answer>> ways) {
        String cancel = "post /v1/runs/{id}/cancel ";
        ways.put(cancel + 200, () -> {
            String path = "/v1/runs/" + created() + "/cancel";
            gateway.post(path, "{}");
            return gateway.post(path, "{}");
        });
        ways.put(cancel + 202, () -> gateway.post("/v1/runs/" + created() + "/cancel", "{}"));
        ways.put(cancel + 400, () -> gateway.post(UNKNOWN + "/cancel", "[]"));
        ways.put(cancel + 404, () -> gateway.post(UNKNOWN + "/cancel", "{}"));
        ways.put(cancel + 409, () -> gateway.post("/v1/runs/" + ended(RunStatus.SUCCEEDED) + "/cancel", "{}"));
        ways.put(cancel + 413, () -> gateway.post(UNKNOWN + "/cancel", TOO_LONG));
        ways.put(cancel + 415, () -> gateway.send("POST", UNKNOWN + "/cancel", "{}"));
        ways.put(cancel + 503, () -> cutOff.post(UNKNOWN + "/cancel", "{}"));
        String retry = "post /v1/runs/{id}/retry ";
        ways.put(retry + 200, () -> twice("/v1/runs/" + ended(RunStatus.FAILED) + "/retry", "{}"));
        ways.put(retry + 201, () -> gateway.post("/v1/runs/" + ended(RunStatus.CANCELED) + "/retry", "{}"));
        ways.put(retry + 202, () -> heldBack("/v1/runs/" + ended(RunStatus.FAILED) + "/retry", "{}"));
        ways.put(retry + 400, () -> gateway.post(UNKNOWN + "/retry", "{\"x\":1}"));
        ways.put(
                retry + 403,
                () -> gateway.post(
                        "/v1/runs/" + failed(new BuildStep("commands", Optional.empty(), List.of(phase()))) + "/retry",
                        "{}"));
        ways.put(retry + 404, () -> gateway.post(UNKNOWN + "/retry", "{}"));
        ways.put(retry + 409, () -> gateway.post("/v1/runs/" + created() + "/retry", "{}"));
        ways.put(retry + 413, () -> gateway.post(UNKNOWN + "/retry", TOO_LONG));
        ways.put(retry + 415, () -> gateway.send("POST", UNKNOWN + "/retry", "{}"));
        ways.put(
                retry + 422,
                () -> gateway.post(
                        "/v1/runs/" + failed(new BuildStep("commands", Optional.of("gone"), List.of())) + "/retry",
                        "{}"));
        ways.put(retry + 503, () -> cutOff.post(UNKNOWN + "/retry", "{}"));
    }

    private static void events(Map<String, Supplier<Answer>> ways) {
        String events = "get /v1/runs/{id}/events ";
        ways.put(events + 200, () -> gateway.send("HEAD", "/v1/runs/" + created() + "/events?format=ndjson", ""));
        ways.put(events + 400, () -> gateway.get(UNKNOWN + "/events?from=0"));
        ways.put(events + 404, () -> gateway.get(UNKNOWN + "/events"));
        ways.put(events + 406, () -> gateway.get(UNKNOWN + "/events", "Accept", "text/html"));
        ways.put(events + 503, () -> cutOff.get(UNKNOWN + "/events"));
    }

    private static void stream(Map<String, Supplier<Answer>> ways) {
        String stream = "get /v1/runs/{id}/stream ";
        ways.put(stream + 200, () -> gateway.send("HEAD", "/v1/runs/" + created() + "/stream", ""));
        ways.put(stream + 204, () -> {
            try (WrittenRun run = new WrittenRun(TestKafka.shared().bootstrapServers(), TestGateway.PARTITIONS)) {
                run.begin().phase().end();
                awaitFinal(run.id());
                String cursor = gateway.get("/v1/runs/" + run.id()).text("cursor");
                return gateway.get("/v1/runs/" + run.id() + "/stream?cursor=" + cursor);
            }
        });
        ways.put(stream + 400, () -> gateway.get(UNKNOWN + "/stream?cursor=x"));
        ways.put(stream + 404, () -> gateway.get(UNKNOWN + "/stream"));
    }

    private static void streams(Map<String, Supplier<Answer>> ways) {
        String streams = "get /v1/streams ";
        ways.put(streams + 200, () -> gateway.send("HEAD", "/v1/streams?run=" + created(), ""));
        ways.put(streams + 204, () -> {
            try (WrittenRun run = new WrittenRun(TestKafka.shared().bootstrapServers(), TestGateway.PARTITIONS)) {
                run.begin().phase().end();
                awaitFinal(run.id());
                String cursor = gateway.get("/v1/runs/" + run.id()).text("cursor");
                return gateway.get("/v1/streams?run=" + run.id() + "&cursor=" + cursor);
            }
        });
        ways.put(streams + 400, () -> gateway.get("/v1/streams"));
        ways.put(streams + 404, () -> gateway.get("/v1/streams?run=r-0123456789abcdef"));
    }

    private static void configurations(Map<String, Supplier<Answer>> ways) {
        String all = "/workspaces/{workspace}/configurations";
        String one = all + "/{configuration}";
        ways.put("get " + all + " 200", () -> gateway.get(CONFIGURATIONS));
        ways.put("get " + all + " 400", () -> gateway.get(CONFIGURATIONS + "?x=1"));
        ways.put("get " + all + " 503", () -> cutOff.get(CONFIGURATIONS));
        ways.put("get " + one + " 200", () -> gateway.get(uploaded()));
        ways.put("get " + one + " 400", () -> gateway.get(CONFIGURATIONS + "/-"));
        ways.put("get " + one + " 404", () -> gateway.get(CONFIGURATIONS + "/nix"));
        ways.put("get " + one + " 503", () -> cutOff.get(CONFIGURATIONS + "/c"));
        ways.put("put " + one + " 200", () -> gateway.put(uploaded(), ARCHIVE));
        ways.put("put " + one + " 201", () -> gateway.put(CONFIGURATIONS + "/c" + UUID.randomUUID(), ARCHIVE));
        ways.put("put " + one + " 400", () -> gateway.put(CONFIGURATIONS + "/-", ARCHIVE));
        ways.put(
                "put " + one + " 403",
                () -> gateway.send(
                        "PUT",
                        CONFIGURATIONS + "/c",
                        "{\"path\":\"/etc/passwd\"}",
                        "Content-Type",
                        "application/json"));
        ways.put("put " + one + " 413", () -> gateway.put(CONFIGURATIONS + "/c", new byte[33 * 1024 * 1024]));
        ways.put("put " + one + " 422", () -> gateway.put(CONFIGURATIONS + "/c", new byte[1]));
        ways.put("put " + one + " 503", () -> cutOff.put(CONFIGURATIONS + "/c", ARCHIVE));
        String version = "get " + one + "/versions/{digest} ";
        ways.put(
                version + 200,
                () -> gateway.send(
                        "HEAD",
                        uploaded() + "/versions/" + gateway.get(uploaded()).text("digest"),
                        ""));
        ways.put(version + 400, () -> gateway.get(CONFIGURATIONS + "/-/versions/a"));
        ways.put(version + 404, () -> gateway.get(uploaded() + "/versions/a"));
        ways.put(version + 503, () -> cutOff.get(CONFIGURATIONS + "/c/versions/a"));
    }

    private static String uploaded() {
        String place = CONFIGURATIONS + "/uploaded";
        gateway.put(place, ARCHIVE);
        return place;
    }

    private static void environments(Map<String, Supplier<Answer>> ways) {
        String one = "/workspaces/{workspace}/configurations/{configuration}";
        for (String kind : List.of("builds", "runs")) {
            String post = "post " + one + "/" + kind + " ";
            ways.put(post + 200, () -> twice(uploaded() + "/" + kind, "{}"));
            ways.put(post + 201, () -> gateway.post(uploaded() + "/" + kind, "{}"));
            ways.put(post + 202, () -> heldBack(uploaded() + "/" + kind, "{}"));
            ways.put(post + 400, () -> gateway.post(uploaded() + "/" + kind, "[]"));
            ways.put(post + 404, () -> gateway.post(CONFIGURATIONS + "/nix/" + kind, "{}"));
            ways.put(post + 409, () -> {
                String key = UUID.randomUUID().toString();
                gateway.post(uploaded() + "/" + kind, "{}", "Idempotency-Key", key);
                return gateway.post(uploaded() + "/" + kind, "{\"force\":true}", "Idempotency-Key", key);
            });
            ways.put(post + 413, () -> gateway.post(uploaded() + "/" + kind, TOO_LONG));
            ways.put(post + 415, () -> gateway.send("POST", uploaded() + "/" + kind, "{}"));
            ways.put(post + 422, () -> gateway.post(uploaded() + "/" + kind, "{\"options\":{\"definition\":\"nix\"}}"));
            ways.put(post + 503, () -> cutOff.post(CONFIGURATIONS + "/c/" + kind, "{}"));
        }
        String show = "get " + one + "/builds/{build} ";
        ways.put(show + 200, () -> gateway.get(uploaded() + "/builds/" + build()));
        ways.put(show + 400, () -> gateway.get(uploaded() + "/builds/" + build() + "?x=1"));
        ways.put(show + 404, () -> gateway.get(uploaded() + "/builds/nix"));
        ways.put(show + 503, () -> cutOff.get(uploaded() + "/builds/" + RunId.of(UUID.randomUUID()) + ".1"));
        String stream = "get " + one + "/builds/{build}/stream ";
        ways.put(stream + 200, () -> gateway.send("HEAD", uploaded() + "/builds/" + build() + "/stream", ""));
        ways.put(stream + 204, () -> {
            Plan plan = new Plan(List.of(
                    BuildStep.ofEnvironment("python", new EnvironmentStep("uploaded", Optional.empty(), false))));
            try (WrittenRun run = new WrittenRun(TestKafka.shared().bootstrapServers(), TestGateway.PARTITIONS, plan)) {
                run.begin().phase().end();
                awaitFinal(run.id());
                String cursor = gateway.get("/v1/runs/" + run.id()).text("cursor");
                return gateway.get(uploaded() + "/builds/" + run.id() + ".1/stream?cursor=" + cursor);
            }
        });
        ways.put(stream + 400, () -> gateway.get(uploaded() + "/builds/" + build() + "/stream?cursor=x"));
        ways.put(stream + 404, () -> gateway.get(uploaded() + "/builds/nix/stream"));
    }

    private static String build() {
        return gateway.post(uploaded() + "/builds", "{}").text("id");
    }

    private static void registry(Map<String, Supplier<Answer>> ways) {
        operations().forEach((operation, statuses) -> {
            if (operation.contains("{schema}") || operation.startsWith("get /schema-registry")) {
                String path = operation.substring(4);
                Map<Integer, String> paths = Map.of(
                        200,
                        path.replace("{schema}", "1")
                                .replace("{subject}", "tailrace.runs-value")
                                .replace("{version}", "latest"),
                        404,
                        path.replace("{schema}", "999")
                                .replace("{subject}", "nix")
                                .replace("{version}", "1"),
                        422,
                        path.replace("{subject}", "tailrace.runs-value").replace("{version}", "x"));
                statuses.forEach(it -> ways.put(operation + " " + it, () -> gateway.get(paths.getOrDefault(it, ""))));
            }
        });
    }

    static String created() {
        return gateway.post("/v1/runs", BODY).text("run_id");
    }

    private static Answer twice(String path, String body) {
        return new ChatWays(gateway, cutOff, coordinator).twice(path, body);
    }

    private static Answer heldBack(String path, String body) {
        return new ChatWays(gateway, cutOff, coordinator).heldBack(path, body);
    }

    private static String ended(RunStatus status) {
        RunId run = new RunId(created());
        coordinator.move(run, status);
        awaitFinal(run);
        return run.value();
    }

    private static String failed(BuildStep step) {
        RunId run = RunId.of(UUID.randomUUID());
        CreateRun create = new CreateRun(
                new WorkspaceId("demo"),
                "build",
                Optional.empty(),
                new Plan(List.of(step)),
                Limits.DEFAULT,
                Optional.empty(),
                "digest");
        coordinator.write(coordinator.created(run, create, Instant.EPOCH));
        coordinator.move(run, RunStatus.FAILED);
        awaitFinal(run);
        return run.value();
    }

    private static Phase phase() {
        return new Phase("a", "A", List.of("x"), Duration.ofSeconds(1), Map.of(), false);
    }

    static void awaitFinal(RunId run) {
        org.awaitility.Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .until(() -> gateway.get("/v1/runs/" + run).body().contains("completed_at"));
    }

    /** Operations ("get /v1/runs/{id}") with the statuses that are described. */
    private static Map<String, Set<Integer>> operations() {
        Map<String, Set<Integer>> operations = new TreeMap<>();
        member(description(), "paths")
                .forEach((path, item) -> ((Map<?, ?>) item).forEach((method, operation) -> {
                    if (METHODS.contains(String.valueOf(method))) {
                        Set<Integer> statuses = new TreeSet<>();
                        member((Map<?, ?>) operation, "responses")
                                .keySet()
                                .forEach(it -> statuses.add(Integer.parseInt(String.valueOf(it))));
                        operations.put(method + " " + path, statuses);
                    }
                }));
        return operations;
    }

    private static Map<?, ?> member(Map<?, ?> map, String name) {
        return map.get(name) instanceof Map<?, ?> found ? found : Map.of();
    }

    private static Map<?, ?> description() {
        return new Yaml(new SafeConstructor(new LoaderOptions()))
                .load(gateway.get("/openapi.yaml").body());
    }

    private static String shape(String path) {
        return path.replaceAll("\\{[^}]*}", "{}");
    }
}
