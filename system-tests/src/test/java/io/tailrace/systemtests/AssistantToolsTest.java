package io.tailrace.systemtests;

import static io.tailrace.systemtests.Executions.EVENTS;
import static io.tailrace.systemtests.Executions.call;
import static io.tailrace.systemtests.Executions.data;
import static io.tailrace.systemtests.Executions.history;
import static io.tailrace.systemtests.Executions.ofType;
import static io.tailrace.systemtests.Executions.prompt;
import static io.tailrace.systemtests.Executions.put;
import static io.tailrace.systemtests.Executions.told;
import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.systemtests.EventStream.Frame;
import io.tailrace.systemtests.ToolServer.Visit;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/**
 * An assistant whose model calls tools: in a first round it fetches something and searches a repository, in a second one it does what must
 * not be done twice.
 */
@Timeout(200)
class AssistantToolsTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String ANSWER = "The tide is high at ten, the table is booked, and vinegar is in the pantry.";
    private static final int SLOW = 1500;

    private final Gateway gateway = SharedStack.gateway(1);
    private final Gateway second = SharedStack.gateway(2);
    private final ToolServer tools = SharedStack.tools();

    @BeforeAll
    static void somethingIsKnown() throws Exception {
        SharedStack.heal();
        Gateway gateway = SharedStack.gateway(1);
        put(gateway, "/v1/repositories/pantry", "application/json", "{}");
        put(
                gateway,
                "/v1/repositories/pantry/documents/shelf.md",
                "text/markdown",
                "# Shelf\n\nVinegar stands on the left.\n");
    }

    @BeforeEach
    void everythingRuns() throws Exception {
        SharedStack.heal();
    }

    @Test
    void whatToolsDidIsSeenInBothOrdersAndTheModelIsToldIt() throws Exception {
        String mark = mark();
        String run = create(mark, 0);
        try (EventStream stream = gateway.stream(run);
                EventStream contract = EventStream.open(second, EVENTS + run, "")) {
            stream.awaitEnd(SOON);
            assertRight(stream.events(), mark);
            contract.await("execution-complete", SOON);
            assertContract(run, contract.frames());
            JsonNode fetched = data(told(contract.frames()), "tool-execution-complete").stream()
                    .filter(it -> it.get("toolName").asString().equals("fetch"))
                    .findFirst()
                    .orElseThrow();
            assertThat(fetched.get("success").asBoolean()).isTrue();
            assertThat(fetched.get("result").asString()).contains("10-12");
        }
        assertThat(tools.visits(mark)).hasSize(1);
        assertThat(tools.visits(mark + "once")).hasSize(1);
    }

    /** Before a call, within one, after one, and within the answer. */
    @ParameterizedTest
    @CsvSource({
        "turn-worker,tool.calls.requested",
        "turn-worker,tool.execution.started",
        "turn-worker,tool.execution.completed",
        "turn-worker,turn.usage",
        "coordinator-1,tool.execution.started",
        "gateway-1,tool.execution.started",
        "broker-1,tool.execution.completed"
    })
    void aProcessIsKilledAndNoRecordedCallIsExecutedAgain(String victim, String when) throws Exception {
        String mark = mark();
        String run = create(mark, SLOW);
        try (EventStream stream = second.stream(run)) {
            stream.await(when, SOON);
            MixedPlanTest.killed(victim, stream);
            stream.awaitEnd(Duration.ofMinutes(2));

            assertRight(stream.events(), mark);
            assertThat(gateway.events(run)).isEqualTo(stream.events());
        }
        try (EventStream contract = EventStream.open(gateway, EVENTS + run, "")) {
            contract.await("execution-complete", SOON);
            assertContract(run, contract.frames());
        }
    }

    @Test
    void whatMustNotBeDoneTwiceIsUnknownAfterAKill() throws Exception {
        String mark = mark();
        String run = create(mark, SLOW);
        try (EventStream stream = second.stream(run)) {
            stream.await(
                    it -> it.event().equals("tool.execution.started")
                            && it.json().at("/payload/call/tool").asString().equals("once"),
                    SOON);
            MixedPlanTest.killed("turn-worker", stream);
            stream.awaitEnd(Duration.ofMinutes(2));

            assertRight(stream.events(), mark);
            assertThat(completions(stream.events(), "once"))
                    .singleElement()
                    .satisfies(it -> assertThat(it.get("outcome").asString()).isEqualToIgnoringCase("unknown"));
        }
    }

    private void assertRight(List<JsonNode> events, String mark) {
        KillTest.assertGapFree(events);
        assertThat(ofType(events, "turn.completed")).hasSize(2);
        assertThat(ofType(events, "run.completed")).hasSize(1);
        assertThat(ofType(events, "run.completed")
                        .getFirst()
                        .at("/payload/outcome")
                        .asString())
                .isEqualToIgnoringCase("succeeded");
        List<String> answers = ofType(events, "turn.completed").stream()
                .map(it -> it.at("/payload/content/message/text").asString())
                .toList();
        assertThat(answers.getFirst()).isEqualTo(ANSWER);
        assertThat(answers.getLast()).contains("Sum up: " + ANSWER);
        for (String tool : List.of("fetch", "find", "once")) {
            assertThat(completions(events, tool).stream()
                            .filter(it -> !it.get("repeated").asBoolean()))
                    .as(tool)
                    .hasSize(1);
        }
        assertThat(tools.visits(mark + "once").size()).isLessThanOrEqualTo(1);
        List<String> keys =
                tools.visits(mark).stream().map(Visit::key).distinct().toList();
        assertThat(keys).hasSize(1).doesNotContain("");
        if (completions(events, "fetch").stream()
                .anyMatch(it -> it.get("repeated").asBoolean())) {
            assertThat(ofType(events, "attempt.started").size()).isGreaterThan(2);
        }
    }

    private static List<JsonNode> completions(List<JsonNode> events, String tool) {
        return ofType(events, "tool.execution.completed").stream()
                .map(it -> it.get("payload"))
                .filter(it -> it.at("/call/tool").asString().equals(tool))
                .toList();
    }

    private void assertContract(String run, List<Frame> frames) {
        List<JsonNode> told = told(frames);
        assertThat(data(told, "tool-execution-start").stream()
                        .map(it -> it.get("toolName").asString()))
                .containsExactlyInAnyOrder("fetch", "find", "once");
        assertThat(data(told, "tool-execution-complete").stream()
                        .map(it -> it.get("toolName").asString()))
                .containsExactlyInAnyOrder("fetch", "find", "once");
        assertThat(data(told, "prompt-start").stream()
                        .map(it -> it.get("hasTools").asBoolean()))
                .containsExactly(true, false);
        assertThat(history(gateway, run, "")).isEqualTo(told);
    }

    private static String mark() {
        return "m" + UUID.randomUUID().toString().substring(0, 8);
    }

    /** @param slow milliseconds that each fetch takes */
    private String create(String mark, int slow) {
        String name = "researcher-" + mark;
        put(gateway, "/v1/assistants/" + name, "application/json", definition(mark, slow));
        return gateway.create(Map.of(
                "workspace",
                "system-tests",
                "kind",
                "assistant",
                "assistant",
                name,
                "inputs",
                Map.of("what", "the tide")));
    }

    private String definition(String mark, int slow) {
        Map<String, Object> look = prompt(10, "look", "When is {{what}}?");
        look.put(
                "tools",
                List.of(
                        Map.of("type", "http_get", "name", "fetch", "hosts", List.of(tools.host())),
                        Map.of("type", "http_get", "name", "once", "hosts", List.of(tools.host()), "idempotent", false),
                        Map.of(
                                "type",
                                "search",
                                "name",
                                "find",
                                "repositories",
                                List.of(Map.of("id", 7, "repository", "pantry")))));
        look.put(
                "script",
                Map.of(
                        "steps",
                        List.of(
                                Map.of(
                                        "tool_calls",
                                        List.of(
                                                call("fetch", "url", tools.url(mark, slow, "10-12")),
                                                call("find", "query", "Where is vinegar?"))),
                                Map.of(
                                        "tool_calls",
                                        List.of(call("once", "url", tools.url(mark + "once", slow, "booked")))),
                                Map.of("text", ANSWER, "pace_ms", slow / 20))));
        Map<String, Object> sum = prompt(20, "sum", "Sum up: {{look}}");
        return Gateway.JSON.writeValueAsString(
                Map.of("inputs", List.of(Map.of("name", "what")), "prompts", List.of(look, sum)));
    }
}
