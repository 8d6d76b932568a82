package io.tailrace.gateway.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.events.id.RunId;
import io.tailrace.events.reading.CursorToken;
import io.tailrace.events.reading.RunCursor;
import io.tailrace.events.run.RunStatus;
import io.tailrace.gateway.testing.Answer;
import io.tailrace.gateway.testing.ScriptedCoordinator;
import io.tailrace.gateway.testing.TestGateway;
import io.tailrace.local.testing.TestKafka;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Create, read, cancel and retry runs through two gateways, with a scripted coordinator behind the log. */
class RunsApiTest {
    private static final String[] SETTINGS = {
        "tailrace.gateway.commands.decide-within=1m", "tailrace.gateway.adhoc-phases=true"
    };

    private static TestGateway gateway;
    private static TestGateway other;
    private static ScriptedCoordinator coordinator;

    @BeforeAll
    static void start() {
        gateway = TestGateway.start(SETTINGS);
        other = TestGateway.start(SETTINGS);
        coordinator = new ScriptedCoordinator(TestKafka.shared().bootstrapServers(), TestGateway.PARTITIONS);
    }

    @AfterAll
    static void stop() {
        coordinator.close();
        other.close();
        gateway.close();
    }

    @AfterEach
    void letGo() {
        coordinator.holdBack(false);
    }

    private static String body(String title) {
        return """
                {"workspace":"demo","title":"%s","plan":[{"step":"build","recipe":"commands","definition":"hello"}]}""".formatted(title);
    }

    private static RunId create(String title, String... headers) {
        Answer created = gateway.post("/v1/runs", body(title), headers);
        assertThat(created.status()).as(created.body()).isEqualTo(201);
        return new RunId(created.text("run_id"));
    }

    @Test
    void createdRunIsAnsweredWithItsViewAndWhereToGoFromIt() throws Exception {
        Answer created = gateway.post("/v1/runs", body("first"));

        assertThat(created.status()).isEqualTo(201);
        String id = created.text("run_id");
        assertThat(created.header("location")).contains("/v1/runs/" + id);
        assertThat(created.text("status")).isEqualTo("queued");
        assertThat(created.text("kind")).isEqualTo("build");
        assertThat(created.text("stream_url")).isEqualTo("/v1/runs/" + id + "/stream");
        assertThat(created.text("events_url")).isEqualTo("/v1/runs/" + id + "/events");
        assertThat(created.json().get("plan").get(0).get("definition").asString())
                .isEqualTo("hello");
        // A plan that is read can be sent again as it is.
        assertThat(created.json().get("plan").get(0).has("phases")).isFalse();
        RunCursor cursor = CursorToken.parse(created.text("cursor")).claimed();
        assertThat(cursor.isOf(new RunId(id))).isTrue();
        assertThat(cursor.sequence()).isEqualTo(3);
        assertThat(cursor.spineOffset()).isEqualTo(2);
        assertThat(created.json().has("request_digest")).isFalse();
    }

    @Test
    void runIsReadAtTheOtherGatewayToo() {
        RunId run = create("shared");

        Answer seen = other.get("/v1/runs/" + run);

        assertThat(seen.status()).isEqualTo(200);
        assertThat(seen.text("title")).isEqualTo("shared");
    }

    @Test
    void sameKeyAndBodyIsTheSameRun() {
        String key = UUID.randomUUID().toString();
        RunId first = create("once", "Idempotency-Key", key);

        // The fields in another order, and a field that is null.
        Answer again = other.post("/v1/runs", """
                {"plan":[{"recipe":"commands","definition":"hello","step":"build"}],
                 "limits":null,"title":"once","workspace":"demo"}""", "Idempotency-Key", key);

        assertThat(again.status()).isEqualTo(200);
        assertThat(again.header("idempotency-replayed")).contains("true");
        assertThat(again.header("location")).contains("/v1/runs/" + first);
        assertThat(again.text("run_id")).isEqualTo(first.value());
    }

    @Test
    void sameKeyWithAnotherBodyIsRefused() {
        String key = UUID.randomUUID().toString();
        RunId first = create("once", "Idempotency-Key", key);

        Answer again = gateway.post("/v1/runs", body("another"), "Idempotency-Key", key);

        assertThat(again.status()).isEqualTo(409);
        assertThat(again.text("code")).isEqualTo("idempotency_key_reused");
        assertThat(again.text("field")).isEqualTo("Idempotency-Key");
        assertThat(again.text("detail")).contains(first.value());
    }

    @Test
    void sameKeyAtTwoGatewaysAtOnceIsOneRun() throws Exception {
        String key = UUID.randomUUID().toString();
        coordinator.holdBack(true);
        List<Callable<Answer>> posts = IntStream.range(0, 8)
                .<Callable<Answer>>mapToObj(i ->
                        () -> (i % 2 == 0 ? gateway : other).post("/v1/runs", body("race"), "Idempotency-Key", key))
                .toList();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Answer>> sent = posts.stream().map(threads::submit).toList();
            coordinator.holdBack(false);
            Set<String> runs = new java.util.HashSet<>();
            for (Future<Answer> answer : sent) {
                assertThat(answer.get().status()).isIn(200, 201);
                runs.add(answer.get().text("run_id"));
            }
            assertThat(runs).hasSize(1);
        }
    }

    @Test
    void loserOfARaceWithAnotherBodyIsToldSo() throws Exception {
        String key = UUID.randomUUID().toString();
        coordinator.holdBack(true);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Answer> one = threads.submit(() -> gateway.post("/v1/runs", body("one"), "Idempotency-Key", key));
            Future<Answer> two = threads.submit(() -> other.post("/v1/runs", body("two"), "Idempotency-Key", key));
            coordinator.holdBack(false);

            assertThat(List.of(one.get().status(), two.get().status())).containsExactlyInAnyOrder(201, 409);
        }
    }

    @Test
    void undecidedRunIsAcceptedWithACursorThatWaitsForIt() throws Exception {
        coordinator.holdBack(true);
        Answer accepted;
        Answer still;
        try (TestGateway hasty = TestGateway.start("tailrace.gateway.commands.decide-within=1s")) {
            accepted = hasty.post("/v1/runs", body("later"));
            still = hasty.get(accepted.header("location").orElseThrow());
        }

        assertThat(accepted.status()).isEqualTo(202);
        String location = accepted.header("location").orElseThrow();
        assertThat(location).startsWith("/v1/runs/" + accepted.text("run_id") + "?cursor=v2.");
        assertThat(accepted.text("stream_url")).contains("/stream?cursor=v2.");
        RunCursor cursor = CursorToken.parse(accepted.text("cursor")).claimed();
        assertThat(cursor.isBeforeFirst()).isTrue();

        assertThat(still.status()).isEqualTo(503);
        assertThat(still.text("code")).isEqualTo("decision_pending");
        assertThat(still.header("retry-after")).isPresent();

        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Answer> waiting = threads.submit(() -> other.get(location));
            coordinator.holdBack(false);
            assertThat(waiting.get().status()).isEqualTo(200);
            assertThat(waiting.get().text("title")).isEqualTo("later");
        }
    }

    @Test
    void cancelIsAnsweredWhenItIsDecided() {
        RunId run = create("to cancel");

        Answer canceled = gateway.post("/v1/runs/" + run + "/cancel", "{\"reason\":\"changed my mind\"}");

        assertThat(canceled.status()).isEqualTo(202);
        assertThat(canceled.text("status")).isEqualTo("canceling");
        assertThat(canceled.text("cancel_requested_at")).isNotEmpty();

        awaitStatus(other, run, "canceling");
        Answer again = other.send("POST", "/v1/runs/" + run + "/cancel", "");
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.text("status")).isEqualTo("canceling");
    }

    @Test
    void endedRunCannotBeCanceled() {
        RunId run = create("ended");
        coordinator.move(run, RunStatus.SUCCEEDED);
        awaitStatus(run, "succeeded");

        Answer refused = gateway.post("/v1/runs/" + run + "/cancel", "{}");

        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.text("code")).isEqualTo("run_finished");
    }

    @Test
    void canceledRunIsAlreadyCanceled() {
        RunId run = create("gone");
        coordinator.move(run, RunStatus.CANCELED);
        awaitStatus(run, "canceled");

        assertThat(gateway.post("/v1/runs/" + run + "/cancel", "{}").status()).isEqualTo(200);
    }

    @Test
    void failedRunIsRetriedAsANewRun() {
        RunId run = create("fails");
        coordinator.move(run, RunStatus.FAILED);
        awaitStatus(run, "failed");
        String key = UUID.randomUUID().toString();

        Answer retried = gateway.post("/v1/runs/" + run + "/retry", "{}", "Idempotency-Key", key);

        assertThat(retried.status()).as(retried.body()).isEqualTo(201);
        assertThat(retried.text("retry_of")).isEqualTo(run.value());
        assertThat(retried.text("run_id")).isNotEqualTo(run.value());
        assertThat(retried.text("title")).isEqualTo("fails");
        Answer again = other.send("POST", "/v1/runs/" + run + "/retry", "", "Idempotency-Key", key);
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.text("run_id")).isEqualTo(retried.text("run_id"));
        assertThat(gateway.post("/v1/runs", body("x"), "Idempotency-Key", key).text("code"))
                .isEqualTo("idempotency_key_reused");
    }

    /** A machine may be so slow that a gateway has not the end in time; not each of several times. */
    @Test
    void aClientThatHasSeenTheEndRetriesAtOnce() throws Exception {
        List<Integer> statuses = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            while (statuses.size() < 5 && !statuses.contains(201)) {
                RunId run = create("fails in a moment");
                Future<Answer> retried = threads.submit(() -> other.post("/v1/runs/" + run + "/retry", "{}"));
                Thread.sleep(300);
                coordinator.move(run, RunStatus.FAILED);
                statuses.add(retried.get().status());
            }
        }
        assertThat(statuses).contains(201);
    }

    @Test
    void onlyFailedAndCanceledRunsAreRetried() {
        RunId run = create("runs");

        Answer refused = gateway.post("/v1/runs/" + run + "/retry", "{}");

        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.text("code")).isEqualTo("run_not_retryable");
    }

    @Test
    void runIsGoneWhenItsViewIs() {
        RunId run = create("ages out");
        coordinator.forget(run);

        org.awaitility.Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .until(() -> gateway.get("/v1/runs/" + run).status() == 404);
    }

    @Test
    void listIsFilteredAndPagedToItsEnd() {
        String workspace = "w" + System.nanoTime();
        for (int i = 0; i < 7; i++) {
            Answer created = gateway.post("/v1/runs", """
                    {"workspace":"%s","kind":"%s",
                     "plan":[{"step":"build","recipe":"commands","definition":"hello"}]}""".formatted(workspace, i % 2 == 0 ? "build" : "nightly"));
            assertThat(created.status()).isEqualTo(201);
        }
        List<String> seen = new java.util.ArrayList<>();
        String page = "";
        do {
            Answer answer =
                    gateway.get("/v1/runs?limit=3&workspace=" + workspace + (page.isEmpty() ? "" : "&page=" + page));
            assertThat(answer.status()).isEqualTo(200);
            answer.json().get("runs").forEach(it -> {
                assertThat(it.has("plan")).isFalse();
                seen.add(it.get("created_at").asString());
            });
            page = answer.text("next_page");
        } while (!page.isEmpty());
        assertThat(seen).hasSize(7).isSortedAccordingTo(java.util.Comparator.reverseOrder());
        assertThat(gateway.get("/v1/runs?kind=nightly&workspace=" + workspace)
                        .json()
                        .get("runs")
                        .size())
                .isEqualTo(3);
        assertThat(gateway.get("/v1/runs?status=running,failed&status=canceled&workspace=" + workspace)
                        .json()
                        .get("runs")
                        .size())
                .isZero();
        assertThat(gateway.get("/v1/runs?status=queued&created_after=2020-01-01T00:00:00Z&created_before="
                                + seen.getFirst()
                                + "&workspace="
                                + workspace)
                        .json()
                        .get("runs")
                        .size())
                .isBetween(1, 6);
    }

    @Test
    void recipesAreListedWithTheirPhases() {
        Answer recipes = gateway.get("/v1/recipes");

        assertThat(recipes.status()).isEqualTo(200);
        assertThat(IntStream.range(0, recipes.json().get("recipes").size())
                        .mapToObj(it -> recipes.json().get("recipes").get(it))
                        .collect(Collectors.toMap(
                                it -> it.get("definition").asString(),
                                it -> it.has("fault")
                                        ? "fault"
                                        : it.get("phases").get(0).get("title").asString())))
                .containsEntry("hello", "Say hello")
                .containsEntry("broken", "fault");
        assertThat(recipes.body()).doesNotContain("echo");
    }

    private static void awaitStatus(RunId run, String status) {
        awaitStatus(gateway, run, status);
    }

    /** Until that gateway has read so far. */
    private static void awaitStatus(TestGateway there, RunId run, String status) {
        org.awaitility.Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .until(() -> there.get("/v1/runs/" + run).text("status").equals(status));
    }
}
