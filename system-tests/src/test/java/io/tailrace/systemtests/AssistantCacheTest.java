package io.tailrace.systemtests;

import static io.tailrace.systemtests.Executions.EVENTS;
import static io.tailrace.systemtests.Executions.data;
import static io.tailrace.systemtests.Executions.ofType;
import static io.tailrace.systemtests.Executions.put;
import static io.tailrace.systemtests.Executions.told;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** A prompt with a cache: whoever asks the same soon after is given the same answer. */
@Timeout(200)
class AssistantCacheTest {
    private static final Duration SOON = Duration.ofSeconds(60);

    private final Gateway gateway = SharedStack.gateway(1);
    private final String name = "forgetful-" + UUID.randomUUID().toString().substring(0, 8);

    @BeforeEach
    void everythingRuns() throws Exception {
        SharedStack.heal();
        put(
                gateway,
                "/v1/assistants/" + name,
                "application/json",
                Gateway.JSON.writeValueAsString(Map.of(
                        "inputs",
                        List.of(Map.of("name", "thing")),
                        "prompts",
                        List.of(Map.of(
                                "id",
                                10,
                                "name",
                                "say",
                                "text",
                                "Say something of {{thing}} " + name,
                                "provider",
                                "scripted",
                                "cache",
                                Map.of("ttl_ms", 3_600_000))))));
    }

    @Test
    void anEqualQuestionIsAnsweredWithoutAModelAlsoAfterAllWorkersWereKilled() throws Exception {
        List<JsonNode> first = execute("tea", "turn.usage");
        List<JsonNode> other = execute("coffee", "turn.usage");
        List<JsonNode> again = execute("tea", "answer.reused");
        for (String worker : List.of("turn-worker-1", "turn-worker-2")) {
            SharedStack.member(worker).kill();
        }
        SharedStack.heal();
        List<JsonNode> later = execute("tea", "answer.reused");

        assertThat(answer(other)).isNotEqualTo(answer(first));
        for (List<JsonNode> events : List.of(again, later)) {
            assertThat(ofType(events, "turn.usage")).isEmpty();
            assertThat(answer(events)).isEqualTo(answer(first));
            JsonNode reused = ofType(events, "answer.reused").getFirst().at("/payload/answer");
            assertThat(reused.get("reason").asString()).isEqualToIgnoringCase("cache");
            assertThat(reused.get("stage").asString())
                    .isEqualTo(ofType(first, "turn.completed")
                            .getFirst()
                            .get("stage_id")
                            .asString());
        }
    }

    @Test
    void aWorkerThatIsKilledBeforeItTakesTheAnswerLosesNothing() throws Exception {
        List<JsonNode> first = execute("tea", "turn.usage");
        String run = create("tea");
        try (EventStream stream = SharedStack.gateway(2).stream(run)) {
            stream.await("attempt.started", SOON);
            MixedPlanTest.killed("turn-worker", stream);
            stream.awaitEnd(Duration.ofMinutes(2));

            KillTest.assertGapFree(stream.events());
            assertThat(ofType(stream.events(), "turn.completed")).hasSize(1);
            assertThat(answer(stream.events())).isEqualTo(answer(first));
            assertThat(gateway.events(run)).isEqualTo(stream.events());
        }
    }

    /** @param how the type of the event that says where the answer came from */
    private List<JsonNode> execute(String thing, String how) throws Exception {
        String run = create(thing);
        try (EventStream stream = gateway.stream(run);
                EventStream contract = EventStream.open(SharedStack.gateway(2), EVENTS + run, "")) {
            stream.awaitEnd(SOON);
            assertThat(ofType(stream.events(), how)).as(thing).hasSize(1);
            contract.await("execution-complete", SOON);
            assertThat(data(told(contract.frames()), "prompt-complete")
                            .getFirst()
                            .get("cached")
                            .asBoolean())
                    .isEqualTo(how.equals("answer.reused"));
            return stream.events();
        }
    }

    private String create(String thing) {
        return gateway.create(Map.of(
                "workspace", "system-tests", "kind", "assistant", "assistant", name, "inputs", Map.of("thing", thing)));
    }

    private static String answer(List<JsonNode> events) {
        return ofType(events, "turn.completed")
                .getFirst()
                .at("/payload/content/message/text")
                .asString();
    }
}
