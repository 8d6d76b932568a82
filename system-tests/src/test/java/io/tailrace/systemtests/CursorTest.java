package io.tailrace.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.events.log.Topic;
import io.tailrace.local.stack.LocalStack;
import io.tailrace.local.stack.StackOptions;
import io.tailrace.systemtests.EventStream.Frame;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Every row of the cursor table. */
@Timeout(200)
class CursorTest {
    private static final Duration SOON = Duration.ofSeconds(30);
    private final Gateway gateway = SharedStack.gateway(1);

    @BeforeEach
    void everythingRuns() throws Exception {
        SharedStack.heal();
    }

    @Test
    void everyEventIsAGoodPlaceToBeCutAt() {
        String run = finishedRun();
        try (EventStream whole = gateway.stream(run)) {
            whole.awaitEnd(SOON);
            List<Frame> frames = whole.numbered();
            for (int i = 0; i < frames.size() - 1; i++) {
                try (EventStream rest =
                        SharedStack.gateway(1 + i % 2).resume(run, frames.get(i).lastEventId())) {
                    rest.awaitEnd(SOON);
                    assertThat(rest.events()).isEqualTo(whole.events().subList(i + 1, frames.size()));
                }
            }
        }
    }

    @Test
    void aCutBeforeTheFirstEventResumesAtTheFirst() {
        String run = finishedRun();
        try (EventStream whole = gateway.stream(run)) {
            whole.awaitEnd(SOON);
            Frame open = whole.frames().getFirst();
            assertThat(open.event()).isEqualTo("stream.open");
            assertThat(open.lastEventId()).isNotEmpty();
            try (EventStream again = gateway.resume(run, open.lastEventId())) {
                again.awaitEnd(SOON);
                assertThat(again.events()).isEqualTo(whole.events());
            }
        }
    }

    @Test
    void theEndOfAFinishedRunIsAnsweredWithNoContent() {
        String run = finishedRun();
        try (EventStream whole = gateway.stream(run)) {
            whole.awaitEnd(SOON);
            whole.awaitOver(SOON);
            try (EventStream after = gateway.resume(run, whole.lastEventId())) {
                assertThat(after.statusCode()).isEqualTo(204);
            }
        }
    }

    @Test
    void theHeaderBeatsTheQuery() {
        String run = finishedRun();
        try (EventStream whole = gateway.stream(run)) {
            whole.awaitEnd(SOON);
            List<Frame> frames = whole.numbered();
            String early = frames.getFirst().lastEventId();
            String late = frames.get(frames.size() - 3).lastEventId();
            for (String parameter : List.of("cursor", "lastEventId")) {
                try (EventStream rest =
                        EventStream.open(gateway, "/v1/runs/" + run + "/stream?" + parameter + "=" + early, late)) {
                    rest.awaitEnd(SOON);
                    assertThat(rest.events()).hasSize(2);
                }
                try (EventStream rest =
                        EventStream.open(gateway, "/v1/runs/" + run + "/stream?" + parameter + "=" + late, "")) {
                    rest.awaitEnd(SOON);
                    assertThat(rest.events()).hasSize(2);
                }
            }
        }
    }

    @Test
    void fromNowFollowsLiveOnly() {
        String run = gateway.create(Plans.build(Plans.sh("wait", "echo early; sleep 2; echo late")));
        try (EventStream all = gateway.stream(run)) {
            all.awaitLine("early", SOON);
            try (EventStream live = EventStream.open(gateway, "/v1/runs/" + run + "/stream?from=now", "")) {
                live.awaitEnd(SOON);
                assertThat(live.events().stream().map(JsonNode::toString)).noneMatch(it -> it.contains("early"));
                assertThat(live.events().stream().map(JsonNode::toString)).anyMatch(it -> it.contains("late"));
                all.awaitEnd(SOON);
                List<JsonNode> tail = all.events();
                assertThat(live.events())
                        .isEqualTo(tail.subList(tail.size() - live.events().size(), tail.size()));
            }
        }
    }

    @Test
    void aSnapshotAndTheStreamFromItsCursorHaveNoGap() {
        String run = gateway.create(Plans.build(Plans.sh("a", "echo x; sleep 1; echo y")));
        JsonNode snapshot = gateway.run(run);
        try (EventStream whole = gateway.stream(run);
                EventStream rest = gateway.resume(run, snapshot.get("cursor").asString())) {
            whole.awaitEnd(SOON);
            rest.awaitEnd(SOON);
            List<JsonNode> all = whole.events();
            assertThat(rest.events())
                    .isNotEmpty()
                    .isEqualTo(all.subList(all.size() - rest.events().size(), all.size()));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"nonsense", "v1.", "v1.AAAA", "v2.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "v1.%%%"})
    void aMalformedCursorIsNamedAsOne(String cursor) {
        HttpResponse<String> refused =
                Gateway.send(HttpRequest.newBuilder(gateway.uri("/v1/runs/" + finishedRun() + "/stream"))
                        .header("Last-Event-ID", cursor)
                        .build());
        assertProblem(refused, 400, "malformed_cursor");
    }

    @Test
    void aCursorOfAnotherRunIsNamedAsOne() {
        String run = finishedRun();
        String other = gateway.run(finishedRun()).get("cursor").asString();
        HttpResponse<String> refused = Gateway.send(HttpRequest.newBuilder(gateway.uri("/v1/runs/" + run + "/stream"))
                .header("Last-Event-ID", other)
                .build());
        assertProblem(refused, 400, "foreign_cursor");
    }

    @Test
    void anUnknownRunIsNotFound() {
        assertProblem(gateway.get("/v1/runs/r-0123456789abcdef0123456789abcdef/stream"), 404, "unknown_run");
        assertProblem(gateway.get("/v1/runs/r-0123456789abcdef0123456789abcdef"), 404, "unknown_run");
    }

    @Test
    void whatRetentionTookIsNamedAndTheRestIsStreamed() throws Exception {
        String run = gateway.create(Plans.run(
                List.of(Plans.step(Plans.sh("one", "seq 50")), Plans.step(Plans.sh("two", "seq 5; sleep 1")))));
        try (EventStream whole = gateway.stream(run)) {
            whole.awaitEnd(SOON);
            List<JsonNode> events = whole.events();
            JsonNode finished = events.stream()
                    .filter(it -> it.get("type").asString().equals("stage.finished"))
                    .findFirst()
                    .orElseThrow();
            long lastOffset = finished.at("/payload/chapter/last_offset").asLong();
            int partition = events.stream()
                    .filter(it -> it.get("type").asString().equals("stage.requested"))
                    .findFirst()
                    .orElseThrow()
                    .at("/payload/chapter_from/partition")
                    .asInt();
            try (Admin admin = admin(SharedStack.get())) {
                admin.deleteRecords(Map.of(
                                new TopicPartition(Topic.BUILD_EVENTS.topicName(), partition),
                                RecordsToDelete.beforeOffset(lastOffset)))
                        .all()
                        .get();
            }
            String cursorInside = whole.numbered().get(20).lastEventId();
            for (String cursor : List.of("", cursorInside)) {
                try (EventStream rest = SharedStack.gateway(2).resume(run, cursor)) {
                    rest.awaitEnd(SOON);
                    JsonNode gap = rest.await("stream.gap", SOON).json();
                    long to = gap.get("to").asLong();
                    assertThat(to).isEqualTo(finished.get("sequence").asLong() - 1);
                    assertThat(rest.events().stream()
                                    .filter(it -> it.get("sequence").asLong() > to)
                                    .toList())
                            .isEqualTo(events.stream()
                                    .filter(it -> it.get("sequence").asLong() > to)
                                    .toList());
                }
            }
        }
    }

    @Test
    void reCreatedTopicsAreAnotherLogAndOldCursorsAreReset(@TempDir Path data) throws Exception {
        try (LocalStack stack = LocalStack.start(StackOptions.forTests(data)
                .buildWorkers(1)
                .turnWorkers(0)
                .partitions(1)
                .build())) {
            Gateway own = new Gateway(stack.gateway(1));
            Map<String, Object> plan = Plans.build(Plans.sh("a", "echo x"));
            HttpRequest keyed = HttpRequest.newBuilder(own.uri("/v1/runs"))
                    .header("Content-Type", "application/json")
                    .header("Idempotency-Key", "the same run again")
                    .POST(HttpRequest.BodyPublishers.ofString(Gateway.JSON.writeValueAsString(plan)))
                    .build();
            String run = Gateway.JSON
                    .readTree(Gateway.send(keyed).body())
                    .get("run_id")
                    .asString();
            own.awaitStatus(run, "succeeded", SOON);
            String cursor = own.run(run).get("cursor").asString();
            for (String name : List.of("gateway-1", "build-worker-1", "coordinator-1")) {
                stack.member(name).stop();
            }
            reCreateTopics(stack);
            removeState(data);
            for (String name : List.of("coordinator-1", "build-worker-1", "gateway-1")) {
                stack.member(name).start();
            }
            assertThat(Gateway.send(keyed).statusCode()).isEqualTo(201);
            own.awaitStatus(run, "succeeded", SOON);
            try (EventStream stream = own.resume(run, cursor)) {
                stream.awaitEnd(SOON);
                assertThat(stream.await("stream.reset", SOON)
                                .json()
                                .get("reason")
                                .asString())
                        .isEqualTo("epoch");
                assertThat(stream.events().getFirst().get("sequence").asLong()).isEqualTo(1);
                KillTest.assertGapFree(stream.events());
            }
        }
    }

    private static void reCreateTopics(LocalStack stack) throws Exception {
        try (Admin admin = admin(stack)) {
            List<String> names = admin.listTopics().names().get().stream()
                    .filter(it -> it.startsWith("tailrace"))
                    .toList();
            admin.deleteTopics(names).all().get();
            Awaitility.await()
                    .atMost(SOON)
                    .until(() -> admin.listTopics().names().get().stream().noneMatch(it -> it.startsWith("tailrace")));
            admin.createTopics(List.of(new NewTopic(Topic.RUN_EVENTS.topicName(), 1, (short) 1)))
                    .all()
                    .get();
            admin.deleteConsumerGroups(admin.listGroups().all().get().stream()
                            .filter(it -> it.groupId().startsWith("tailrace-coordinator"))
                            .map(GroupListing::groupId)
                            .collect(Collectors.toList()))
                    .all()
                    .get();
        }
    }

    private static void removeState(Path data) throws Exception {
        try (var files = Files.walk(data)) {
            for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
                if (path.toString().contains("coordinator-1/state/")) {
                    Files.deleteIfExists(path);
                }
            }
        }
    }

    private static Admin admin(LocalStack stack) {
        return Admin.create(Map.of("bootstrap.servers", stack.bootstrapServers()));
    }

    private String finishedRun() {
        String run = gateway.create(Plans.build(Plans.sh("a", "seq 5"), Plans.sh("b", "echo end")));
        gateway.awaitStatus(run, "succeeded", SOON);
        return run;
    }

    static void assertProblem(HttpResponse<String> response, int status, String code) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type").orElse("")).startsWith("application/problem+json");
        JsonNode problem = Gateway.JSON.readTree(response.body());
        assertThat(problem.get("code").asString()).isEqualTo(code);
        assertThat(problem.get("detail").asString()).isNotBlank();
    }
}
