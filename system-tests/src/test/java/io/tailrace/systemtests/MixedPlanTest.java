package io.tailrace.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.systemtests.EventStream.Frame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** One run builds, asks a model, builds with the answer, and asks again; whatever dies meanwhile. */
@Timeout(200)
class MixedPlanTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String ANSWER =
            "An answer of several words, at a pace that leaves time for a process to be killed in the middle of it.";

    private final Gateway gateway = SharedStack.gateway(1);
    private final Gateway second = SharedStack.gateway(2);

    @BeforeEach
    void everythingRuns() throws Exception {
        SharedStack.heal();
    }

    @Test
    void eachStepUsesWhatThoseBeforeItSaid() throws Exception {
        String run = gateway.create(plan(10));
        try (EventStream stream = gateway.stream(run)) {
            stream.awaitEnd(SOON);
            assertWholeAndRight(stream.events());
            assertThat(gateway.events(run)).isEqualTo(stream.events());
        }
        assertThat(gateway.status(run)).isEqualTo("succeeded");
    }

    @Test
    void aReaderGoesOnAfterAnyEventOfAnyChapter() throws Exception {
        String run = gateway.create(plan(1));
        try (EventStream whole = gateway.stream(run)) {
            whole.awaitEnd(SOON);
            List<Frame> frames = whole.numbered();
            for (int i = 0; i < frames.size() - 1; i++) {
                try (EventStream rest = second.resume(run, frames.get(i).lastEventId())) {
                    rest.awaitEnd(SOON);
                    assertThat(rest.events())
                            .as("after event " + (i + 1))
                            .isEqualTo(whole.events().subList(i + 1, frames.size()));
                }
            }
        }
    }

    /** In the middle of the first answer, and again in the middle of the build that follows it. */
    @ParameterizedTest
    @ValueSource(strings = {"turn-worker", "build-worker", "coordinator-1", "gateway-1", "broker-1"})
    void aProcessIsKilledInAnAnswerAndInABuildAndTheRunGoesOn(String victim) throws Exception {
        String run = gateway.create(plan(100));
        try (EventStream stream = second.stream(run)) {
            stream.await("model.delta", SOON);
            killed(victim, stream);
            stream.await(
                    it -> it.event().equals("console.line")
                            && it.json().at("/payload/text").asString().equals("begun"),
                    SOON);
            killed(victim, stream);

            stream.awaitEnd(Duration.ofMinutes(2));

            assertWholeAndRight(stream.events());
            assertThat(second.events(run)).isEqualTo(stream.events());
        }
        gateway.awaitStatus(run, "succeeded", SOON);
        assertThat(gateway.events(run)).isEqualTo(second.events(run));
    }

    @Test
    void aCanceledPromptEndsTheRunAndARetryDoesAllOfItAgain() throws Exception {
        String run = gateway.create(plan(200));
        try (EventStream stream = gateway.stream(run)) {
            stream.await("model.delta", SOON);
            assertThat(gateway.cancel(run).statusCode()).isIn(200, 202);
            stream.awaitEnd(SOON);
            assertThat(types(stream.events()).filter("stage.requested"::equals)).hasSize(2);
            assertThat(types(stream.events()))
                    .endsWith("turn.failed", "run.cancel.requested", "stage.finished", "run.completed");
        }
        gateway.awaitStatus(run, "canceled", SOON);

        String again = Gateway.JSON
                .readTree(gateway.post("/v1/runs/" + run + "/retry", "{}").body())
                .get("run_id")
                .asString();
        gateway.awaitStatus(again, "succeeded", SOON);
        assertWholeAndRight(gateway.events(again));
    }

    @Test
    void aReferenceToNothingIsRefusedBeforeAnythingIsSpent() throws Exception {
        var refused = gateway.post(
                "/v1/runs",
                Gateway.JSON.writeValueAsString(Plans.run(List.of(
                        Plans.step(Plans.sh("a", "true")), Plans.prompt("p", "Say {{steps.later.text}}", Map.of())))));

        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(422);
        assertThat(refused.body()).contains("plan[1].text").contains("later");
    }

    /** What is killed is back before the next is. */
    static void killed(String victim, EventStream stream) throws Exception {
        String name = victim.endsWith("worker") ? holder(victim, stream) : victim;
        SharedStack.member(name).kill();
        SharedStack.member(name).start();
    }

    /** The worker of this kind that has the open stage; its first one if that stage is of the other kind. */
    private static String holder(String kind, EventStream stream) {
        String id = stream.events().stream()
                .filter(it -> it.get("type").asString().equals("attempt.started"))
                .reduce((_, last) -> last)
                .orElseThrow()
                .get("worker_id")
                .asString();
        return id.startsWith(kind + "-2") ? kind + "-2" : kind + "-1";
    }

    /** @param pace milliseconds between the words of the first answer */
    private static Map<String, Object> plan(int pace) {
        Map<String, Object> use = Plans.with(
                Plans.step(Plans.sh(
                        "use", "echo begun; sleep 1; cat notes/answer.txt; echo; echo \"as a variable: $SAID\"")),
                "inputs",
                List.of(
                        Map.of("from", "explain", "file", "notes/answer.txt"),
                        Map.of("from", "explain", "variable", "SAID")));
        return Plans.run(List.of(
                Plans.step(Plans.sh("make", "echo made")),
                Plans.prompt("explain", "What was made?", Map.of("text", ANSWER, "pace_ms", pace)),
                use,
                Plans.prompt("sum", "Sum up: {{steps.explain.text}}", Map.of())));
    }

    private static void assertWholeAndRight(List<JsonNode> events) {
        KillTest.assertGapFree(events);
        assertThat(types(events)
                        .filter(it -> it.startsWith("stage.requested")
                                || it.equals("build.completed")
                                || it.equals("turn.completed")
                                || it.equals("stage.finished")
                                || it.equals("run.completed")))
                .containsExactly(
                        "stage.requested",
                        "build.completed",
                        "stage.finished",
                        "stage.requested",
                        "turn.completed",
                        "stage.finished",
                        "stage.requested",
                        "build.completed",
                        "stage.finished",
                        "stage.requested",
                        "turn.completed",
                        "stage.finished",
                        "run.completed");
        assertThat(answers(events)).hasSize(2);
        assertThat(answers(events).getFirst()).isEqualTo(ANSWER);
        // It has no script: its answer repeats what it was asked, the first answer among it.
        assertThat(answers(events).getLast()).contains(ANSWER).doesNotContain("{{");
        assertThat(events.stream()
                        .filter(it -> it.get("type").asString().equals("turn.started"))
                        .map(it -> it.at("/payload/text").asString()))
                .contains("What was made?")
                .endsWith("Sum up: {{steps.explain.text}}");
        List<JsonNode> held = new ArrayList<>();
        for (JsonNode event : events) {
            if (event.get("type").asString().equals("attempt.started")) {
                held.removeIf(it -> it.path("stage_id").equals(event.path("stage_id")));
            }
            held.add(event);
        }
        assertThat(BuildRunTest.console(held, "stdout"))
                .isEqualTo("made\nbegun\n" + ANSWER + "\nas a variable: " + ANSWER + "\n");
    }

    private static List<String> answers(List<JsonNode> events) {
        return events.stream()
                .filter(it -> it.get("type").asString().equals("turn.completed"))
                .map(it -> it.at("/payload/content/message/text").asString())
                .toList();
    }

    private static Stream<String> types(List<JsonNode> events) {
        return events.stream().map(it -> it.get("type").asString());
    }
}
