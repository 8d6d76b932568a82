package io.tailrace.systemtests;

import static io.tailrace.systemtests.Executions.EVENTS;
import static io.tailrace.systemtests.Executions.data;
import static io.tailrace.systemtests.Executions.history;
import static io.tailrace.systemtests.Executions.ofType;
import static io.tailrace.systemtests.Executions.put;
import static io.tailrace.systemtests.Executions.told;
import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.systemtests.EventStream.Frame;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** An assistant of three prompts: the first is told what a repository has, the others what those before them said. */
@Timeout(200)
class AssistantTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String ANSWER =
            "Descale the kettle with vinegar, and rinse it until it no longer smells of it.";

    private final Gateway gateway = SharedStack.gateway(1);
    private final Gateway second = SharedStack.gateway(2);

    @BeforeAll
    static void somethingIsKnown() throws Exception {
        SharedStack.heal();
        Gateway gateway = SharedStack.gateway(1);
        String repository = "/v1/repositories/kitchen";
        put(gateway, repository, "application/json", "{}");
        put(
                gateway,
                repository + "/documents/kettle.md",
                "text/markdown",
                "# Kettle\n\n## Scale\n\nVinegar takes the scale out of a kettle.\n");
        put(
                gateway,
                repository + "/documents/oven.md",
                "text/markdown",
                "# Oven\n\nLet it cool before you clean it.\n");
        put(gateway, "/v1/assistants/careful", "application/json", definition(10));
        put(gateway, "/v1/assistants/careful-and-slow", "application/json", definition(100));
    }

    @BeforeEach
    void everythingRuns() throws Exception {
        SharedStack.heal();
    }

    @Test
    void whatItDoesIsSeenInBothOrders() throws Exception {
        String run = gateway.create(execution("careful"));
        try (EventStream stream = gateway.stream(run);
                EventStream contract = EventStream.open(second, EVENTS + run, "")) {
            stream.awaitEnd(SOON);
            assertWholeAndRight(stream.events());
            contract.await("execution-complete", SOON);
            assertContract(contract.frames());
            assertThat(history(gateway, run, "")).isEqualTo(told(contract.frames()));
            assertThat(history(gateway, run, "?type=prompt-complete")).hasSize(3);
        }
        JsonNode shown = gateway.run(run);
        assertThat(shown.get("status").asString()).isEqualTo("succeeded");
        assertThat(shown.at("/assistant/name").asString()).isEqualTo("careful");
        assertThat(shown.at("/assistant/version").asInt()).isEqualTo(1);
    }

    /** Before and after a retrieval, within an answer, and between two prompts. */
    @ParameterizedTest
    @CsvSource({
        "turn-worker,turn.started",
        "turn-worker,knowledge.retrieved",
        "turn-worker,model.delta",
        "turn-worker,turn.completed",
        "coordinator-1,knowledge.retrieved",
        "coordinator-1,stage.finished",
        "gateway-1,model.delta",
        "broker-1,knowledge.retrieval.started"
    })
    void aProcessIsKilledAndItGoesOnWithWhatItKnew(String victim, String when) throws Exception {
        String run = gateway.create(execution("careful-and-slow"));
        try (EventStream stream = second.stream(run)) {
            stream.await(when, SOON);
            MixedPlanTest.killed(victim, stream);
            stream.awaitEnd(Duration.ofMinutes(2));

            assertWholeAndRight(stream.events());
            assertThat(gateway.events(run)).isEqualTo(stream.events());
        }
        try (EventStream contract = EventStream.open(gateway, EVENTS + run, "")) {
            contract.await("execution-complete", SOON);
            assertContract(contract.frames());
            assertThat(history(gateway, run, "")).isEqualTo(told(contract.frames()));
        }
    }

    @Test
    void aRetryGoesOnAtThePromptThatFailed() throws Exception {
        String run = gateway.create(execution("careful-and-slow"));
        try (EventStream stream = gateway.stream(run)) {
            stream.await(isOf("p-2").and(it -> it.event().equals("model.delta")), SOON);
            assertThat(gateway.cancel(run).statusCode()).isIn(200, 202);
            stream.awaitEnd(SOON);
        }
        gateway.awaitStatus(run, "canceled", SOON);
        try (EventStream contract = EventStream.open(gateway, EVENTS + run, "")) {
            JsonNode error = contract.await("execution-error", SOON).json();
            assertThat(error.at("/details/code").asString()).isEqualTo("canceled");
            assertThat(error.get("recoverable").asBoolean()).isTrue();
        }

        String again = retried(run, "");
        gateway.awaitStatus(again, "succeeded", SOON);
        List<JsonNode> events = gateway.events(again);
        assertThat(ofType(events, "answer.reused")).hasSize(1);
        assertThat(ofType(events, "answer.reused")
                        .getFirst()
                        .at("/payload/answer/reason")
                        .asString())
                .isEqualToIgnoringCase("retry");
        assertThat(ofType(events, "knowledge.retrieved")).isEmpty();
        assertThat(ofType(events, "turn.usage")).hasSize(2);
        assertAnswers(events);

        String anew = retried(run, "?from=start");
        gateway.awaitStatus(anew, "succeeded", SOON);
        assertWholeAndRight(gateway.events(anew));
    }

    @Test
    void whatIsMissingIsSaidBeforeAnythingIsSpent() {
        Map<String, Object> request = execution("careful");
        request.put("inputs", Map.of());
        HttpResponse<String> refused = gateway.post("/v1/runs", Gateway.JSON.writeValueAsString(request));

        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(422);
        assertThat(refused.body()).contains("inputs.thing");
    }

    private String retried(String run, String query) {
        HttpResponse<String> answer = gateway.post("/v1/runs/" + run + "/retry" + query, "{}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return Gateway.JSON.readTree(answer.body()).get("run_id").asString();
    }

    /** The frames of the stage that has this number in its run. */
    private static Predicate<Frame> isOf(String stage) {
        String number = stage.substring(2);
        return it -> it.isNumbered() && it.json().path("stage_id").asString("").endsWith(number);
    }

    /** @param pace milliseconds between the words of the first two answers */
    private static String definition(int pace) {
        Map<String, Object> advise = prompt(10, "advise", "How do I clean my {{thing}}? Scale, vinegar?", pace);
        advise.put("knowledge", Map.of("repositories", List.of(Map.of("id", 7, "repository", "kitchen"))));
        Map<String, Object> check = prompt(20, "check", "Is this right: {{ advise }}", pace);
        Map<String, Object> sum = prompt(30, "sum", "Sum up for a {{thing}}: {{advise}} / {{check}}", 0);
        sum.remove("script");
        return Gateway.JSON.writeValueAsString(Map.of(
                "inputs",
                List.of(Map.of("name", "thing", "type", "text")),
                "prompts",
                List.of(advise, check, sum),
                "outputs",
                List.of(Map.of("name", "advice", "prompt", "sum"))));
    }

    private static Map<String, Object> prompt(int id, String name, String text, int pace) {
        Map<String, Object> prompt = Executions.prompt(id, name, text);
        prompt.put("script", Map.of("text", ANSWER, "pace_ms", pace));
        return prompt;
    }

    private static Map<String, Object> execution(String assistant) {
        Map<String, Object> request = new LinkedHashMap<>();
        request.put("workspace", "system-tests");
        request.put("kind", "assistant");
        request.put("assistant", assistant);
        request.put("inputs", Map.of("thing", "kettle"));
        return request;
    }

    private static void assertWholeAndRight(List<JsonNode> events) {
        KillTest.assertGapFree(events);
        assertThat(ofType(events, "turn.completed")).hasSize(3);
        assertThat(ofType(events, "stage.finished")).hasSize(3);
        assertThat(ofType(events, "run.completed")).hasSize(1);
        assertAnswers(events);
        List<JsonNode> retrieved = ofType(events, "knowledge.retrieved");
        assertThat(retrieved).isNotEmpty();
        // Whoever looks, in whatever attempt: the same version gives the same.
        assertThat(retrieved.stream().map(it -> it.get("payload")))
                .containsOnly(retrieved.getFirst().get("payload"));
        assertThat(retrieved.getFirst().at("/payload/chunks/0/document").asString())
                .isEqualTo("kettle.md");
    }

    private static void assertAnswers(List<JsonNode> events) {
        List<String> answers = ofType(events, "turn.completed").stream()
                .map(it -> it.at("/payload/content/message/text").asString())
                .toList();
        assertThat(answers).hasSize(3);
        assertThat(answers.subList(0, 2)).containsOnly(ANSWER);
        // It has no script: its answer repeats what it was asked.
        assertThat(answers.getLast())
                .contains("Sum up for a kettle: " + ANSWER + " / " + ANSWER)
                .doesNotContain("{{");
    }

    private static void assertContract(List<Frame> frames) {
        List<JsonNode> told = told(frames);
        assertThat(told.stream().map(it -> it.get("eventType").asString()))
                .containsExactly(
                        "execution-start",
                        "prompt-start",
                        "variable-substitution",
                        "knowledge-retrieval-start",
                        "knowledge-retrieved",
                        "prompt-complete",
                        "progress",
                        "prompt-start",
                        "variable-substitution",
                        "prompt-complete",
                        "progress",
                        "prompt-start",
                        "variable-substitution",
                        "prompt-complete",
                        "progress",
                        "execution-complete");
        assertThat(data(told, "progress").stream()
                        .map(it -> it.get("percentage").asInt()))
                .containsExactly(33, 66, 100);
        assertThat(data(told, "variable-substitution")
                        .getLast()
                        .get("sourcePrompts")
                        .toString())
                .isEqualTo("[10,20]");
        JsonNode found = data(told, "knowledge-retrieved").getFirst();
        assertThat(found.get("promptId").asInt()).isEqualTo(10);
        // The oven has "clean" in common with the question, and comes after the kettle.
        assertThat(found.get("documentsFound").asInt()).isEqualTo(2);
        assertThat(found.get("relevanceScore").asDouble()).isBetween(0.1, 1.0);
    }
}
