package io.tailrace.systemtests;

import static io.tailrace.systemtests.Executions.ofType;
import static io.tailrace.systemtests.Executions.put;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** An assistant whose model calls tools of an MCP server, which each turn-worker runs as a sandboxed process. */
@Timeout(200)
class AssistantServersTest {
    private static final Duration SOON = Duration.ofSeconds(60);

    /** Longer than a spare thread of the JVM's scheduler stays when there is nothing to do. */
    private static final Duration SILENCE = Duration.ofSeconds(45);

    private final Gateway gateway = SharedStack.gateway(1);
    private final Gateway second = SharedStack.gateway(2);
    private final String mark = "n" + UUID.randomUUID().toString().substring(0, 8);

    @BeforeEach
    void theServerIsKnown() throws Exception {
        SharedStack.heal();
        Awaitility.await("the catalogue of tool servers")
                .atMost(SOON)
                .untilAsserted(() -> assertThat(gateway.get("/v1/tool-servers").body())
                        .contains("\"notes\"", "\"note\"", "\"fall\""));
    }

    @Test
    void aToolOfAServerIsCalledAndKnowsItsKey() throws Exception {
        String run = create(List.of(List.of(note("first", 0), note("second", 0))));
        try (EventStream stream = second.stream(run)) {
            stream.awaitEnd(SOON);

            assertSucceeded(stream.events());
            assertThat(completions(stream.events()).stream()
                            .map(it -> it.get("result").asString()))
                    .containsExactlyInAnyOrder("noted: first " + mark, "noted: second " + mark);
            assertThat(SharedStack.notes().notes(mark))
                    .containsExactlyInAnyOrder(run + ".1/1/0 first " + mark, run + ".1/1/1 second " + mark);
        }
    }

    /** What waits for a silent process must not hold what else the worker does: see {@link MainCodeTest}. */
    @Test
    void aCallAfterSilenceIsAnsweredAtOnce() throws Exception {
        noted("before");
        Thread.sleep(SILENCE);
        noted("after");
        assertThat(SharedStack.notes().notes(mark)).hasSize(2);
    }

    private void noted(String text) throws Exception {
        String run = create(List.of(List.of(note(text, 0))));
        try (EventStream stream = second.stream(run)) {
            stream.awaitEnd(SOON);

            assertSucceeded(stream.events());
        }
    }

    @Test
    void aServerThatDiesInACallFailsItAtOnceAndTheNextCallFindsAnother() throws Exception {
        String run = create(List.of(List.of(Map.of("name", "fall", "arguments", Map.of())), List.of(note("after", 0))));
        try (EventStream stream = second.stream(run)) {
            stream.awaitEnd(Duration.ofSeconds(25));

            assertSucceeded(stream.events());
            assertThat(completions(stream.events()).stream()
                            .map(it -> it.get("outcome").asString().toLowerCase(Locale.ROOT)))
                    .containsExactly("failed", "succeeded");
            assertThat(completions(stream.events()).getFirst().get("code").asString())
                    .isEqualTo("server_unavailable");
            assertThat(SharedStack.notes().notes(mark)).hasSize(1);
        }
    }

    @Test
    void aCallWhoseWorkerIsKilledIsNotExecutedAgain() throws Exception {
        String run = create(List.of(List.of(note("once", 3000))));
        try (EventStream stream = second.stream(run)) {
            stream.await("tool.execution.started", SOON);
            Awaitility.await()
                    .atMost(SOON)
                    .until(() -> !SharedStack.notes().notes(mark).isEmpty());
            MixedPlanTest.killed("turn-worker", stream);
            stream.awaitEnd(Duration.ofMinutes(2));

            assertSucceeded(stream.events());
            assertThat(completions(stream.events()))
                    .singleElement()
                    .satisfies(it -> assertThat(it.get("outcome").asString()).isEqualToIgnoringCase("unknown"));
            assertThat(SharedStack.notes().notes(mark)).hasSize(1);
        }
    }

    @Test
    void whatNoServerHasIsRefusedWhenItIsDefined() {
        HttpResponse<String> answer = gateway.putUntilTaken(
                "/v1/assistants/none-" + mark,
                "application/json",
                definition("nothing", List.of()).getBytes(StandardCharsets.UTF_8));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(422);
        assertThat(answer.body()).contains("prompts[0].tools[0].tool", "unknown_server_tool", "note, fall");
    }

    private void assertSucceeded(List<JsonNode> events) {
        KillTest.assertGapFree(events);
        assertThat(ofType(events, "run.completed")
                        .getFirst()
                        .at("/payload/outcome")
                        .asString())
                .isEqualToIgnoringCase("succeeded");
    }

    private static List<JsonNode> completions(List<JsonNode> events) {
        return ofType(events, "tool.execution.completed").stream()
                .map(it -> it.get("payload"))
                .filter(it -> !it.get("repeated").asBoolean())
                .toList();
    }

    private Map<String, Object> note(String text, int millis) {
        return Map.of("name", "note", "arguments", Map.of("text", text + " " + mark, "ms", millis));
    }

    private String create(List<List<Map<String, Object>>> rounds) {
        String name = "writer-" + mark;
        put(gateway, "/v1/assistants/" + name, "application/json", definition("note", rounds));
        return gateway.create(Map.of("workspace", "system-tests", "kind", "assistant", "assistant", name));
    }

    private static String definition(String tool, List<List<Map<String, Object>>> rounds) {
        List<Map<String, Object>> steps = new ArrayList<>();
        rounds.forEach(it -> steps.add(Map.of("tool_calls", it)));
        steps.add(Map.of("text", "It is written."));
        Map<String, Object> prompt = Executions.prompt(10, "write", "Write it down.");
        prompt.put(
                "tools",
                List.of(
                        Map.of("type", "mcp", "server", "notes", "tool", tool),
                        Map.of("type", "mcp", "server", "notes", "tool", "fall")));
        prompt.put("script", Map.of("steps", steps));
        return Gateway.JSON.writeValueAsString(Map.of("prompts", List.of(prompt)));
    }
}
