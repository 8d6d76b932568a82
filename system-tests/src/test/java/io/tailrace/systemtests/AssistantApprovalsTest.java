package io.tailrace.systemtests;

import static io.tailrace.systemtests.Executions.EVENTS;
import static io.tailrace.systemtests.Executions.data;
import static io.tailrace.systemtests.Executions.history;
import static io.tailrace.systemtests.Executions.ofType;
import static io.tailrace.systemtests.Executions.told;
import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.systemtests.ToolServer.Visit;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/**
 * An assistant whose model asks for what a person has to allow, and for a build: the turn waits without a worker, and goes on
 * in a stage of its own.
 */
@Timeout(200)
class AssistantApprovalsTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Duration AFTER_A_KILL = Duration.ofMinutes(2);

    private final Gateway gateway = SharedStack.gateway(1);
    private final Gateway second = SharedStack.gateway(2);
    private final ToolServer tools = SharedStack.tools();
    private final String mark = "a" + UUID.randomUUID().toString().substring(0, 8);

    @BeforeEach
    void everythingRuns() throws Exception {
        SharedStack.heal();
    }

    @Test
    void whatAPersonAllowsIsDoneOnceAndTheBuildIsSeenAsItRuns() throws Exception {
        String run = create(3_600_000);
        try (EventStream stream = gateway.stream(run);
                EventStream contract = EventStream.open(second, EVENTS + run, "")) {
            String approval = asked(stream);
            gateway.awaitStatus(run, "waiting", SOON);
            assertThat(gateway.run(run).at("/approvals/0/tool").asString()).isEqualTo("send");
            assertThat(gateway.run(run).at("/approvals/0/arguments").asString()).contains(mark);
            assertThat(tools.visits(mark)).as("nobody has allowed it").isEmpty();
            assertThat(answer(second, run, approval, "approve", "{\"by\":\"ada\"}")
                            .statusCode())
                    .isEqualTo(202);
            stream.awaitEnd(SOON);

            assertRight(stream.events(), "succeeded");
            assertThat(lines(stream.events())).contains("making a boat for " + mark);
            assertThat(tools.visits(mark)).hasSize(1);
            contract.await("execution-complete", SOON);
            assertContract(run, told(contract.frames()));
        }
        assertThat(answer(gateway, run, "1-1-0", "deny", "").statusCode()).isEqualTo(409);
        assertThat(answer(gateway, run, "9-1-0", "deny", "").statusCode()).isEqualTo(404);
    }

    @Test
    void whatAPersonForbidsIsNotDoneAndTheModelIsToldWhy() throws Exception {
        String run = create(3_600_000);
        try (EventStream stream = gateway.stream(run)) {
            String approval = asked(stream);
            assertThat(answer(gateway, run, approval, "deny", "{\"reason\":\"not on a Sunday\"}")
                            .statusCode())
                    .isEqualTo(202);
            stream.awaitEnd(SOON);

            assertRight(stream.events(), "refused");
            assertThat(completions(stream.events(), "send")
                            .getFirst()
                            .get("result")
                            .asString())
                    .contains("not on a Sunday");
            assertThat(tools.visits(mark)).isEmpty();
        }
    }

    @Test
    void nobodyHasToAnswer() throws Exception {
        String run = create(2000);
        try (EventStream stream = gateway.stream(run)) {
            stream.awaitEnd(SOON);

            assertRight(stream.events(), "refused");
            assertThat(ofType(stream.events(), "tool.approval.decided")
                            .getFirst()
                            .at("/payload/decision")
                            .asString())
                    .isEqualToIgnoringCase("expired");
            assertThat(tools.visits(mark)).isEmpty();
        }
    }

    @Test
    void aRunThatWaitsIsCanceledAtOnce() throws Exception {
        String run = create(3_600_000);
        try (EventStream stream = gateway.stream(run)) {
            asked(stream);
            assertThat(second.cancel(run).statusCode()).isEqualTo(202);
            stream.awaitEnd(SOON);

            KillTest.assertGapFree(stream.events());
            assertThat(gateway.status(run)).isEqualTo("canceled");
            assertThat(tools.visits(mark)).isEmpty();
        }
    }

    /** While it waits, when it goes on, within the build, within the call, and within the answer. */
    @ParameterizedTest
    @CsvSource({
        "coordinator-1,tool.approval.requested",
        "gateway-1,tool.approval.requested",
        "broker-1,tool.approval.requested",
        "coordinator-1,tool.approval.decided",
        "build-worker,console.line",
        "turn-worker,tool.calls.requested",
        "turn-worker,turn.continued",
        "turn-worker,tool.execution.completed"
    })
    void aProcessIsKilledAndNothingIsLostAndNothingIsDoneTwice(String victim, String when) throws Exception {
        String run = create(3_600_000);
        try (EventStream stream = second.stream(run)) {
            if (when.equals("tool.approval.requested") || when.equals("tool.calls.requested")) {
                stream.await(when, SOON);
                MixedPlanTest.killed(victim, stream);
            }
            String approval = asked(stream);
            Awaitility.await()
                    .atMost(AFTER_A_KILL)
                    .until(() -> answer(second, run, approval, "approve", "").statusCode() == 202);
            if (!when.equals("tool.approval.requested") && !when.equals("tool.calls.requested")) {
                stream.await(when, SOON);
                MixedPlanTest.killed(victim, stream);
            }
            stream.awaitEnd(AFTER_A_KILL);

            assertRight(stream.events(), null);
            assertThat(gateway.events(run)).isEqualTo(stream.events());
            assertThat(tools.visits(mark)).hasSizeLessThanOrEqualTo(1);
            assertThat(tools.visits(mark).stream().map(Visit::key)).doesNotContain("");
        }
    }

    /** @param outcome of the call that a person was asked about; null if the worker's death may have made it unknown */
    private void assertRight(List<JsonNode> events, @Nullable String outcome) {
        KillTest.assertGapFree(events);
        assertThat(ofType(events, "tool.approval.requested")).hasSize(1);
        assertThat(ofType(events, "tool.approval.decided")).hasSize(1);
        assertThat(ofType(events, "turn.paused")).hasSize(1);
        assertThat(ofType(events, "turn.completed")).hasSize(2);
        assertThat(ofType(events, "run.completed")
                        .getFirst()
                        .at("/payload/outcome")
                        .asString())
                .isEqualToIgnoringCase("succeeded");
        assertThat(ofType(events, "turn.completed")
                        .getLast()
                        .at("/payload/content/message/text")
                        .asString())
                .contains("Sum up: " + SendingAssistant.ANSWER);
        for (String tool : List.of("send", "make")) {
            assertThat(completions(events, tool).stream()
                            .filter(it -> !it.get("repeated").asBoolean()))
                    .as(tool)
                    .hasSize(1);
        }
        assertThat(completions(events, "make").getFirst().get("result").asString())
                .contains("making a boat for " + mark, "made");
        if (outcome != null) {
            assertThat(completions(events, "send").getFirst().get("outcome").asString())
                    .isEqualToIgnoringCase(outcome);
        }
    }

    private void assertContract(String run, List<JsonNode> told) {
        assertThat(data(told, "prompt-start")).hasSize(2);
        assertThat(data(told, "prompt-complete")).hasSize(2);
        assertThat(data(told, "tool-execution-start").stream()
                        .map(it -> it.get("toolName").asString()))
                .containsExactlyInAnyOrder("send", "make");
        assertThat(data(told, "tool-execution-complete").stream()
                        .map(it -> it.get("success").asBoolean()))
                .containsExactly(true, true);
        assertThat(history(gateway, run, "")).isEqualTo(told);
    }

    private static List<JsonNode> completions(List<JsonNode> events, String tool) {
        return ofType(events, "tool.execution.completed").stream()
                .map(it -> it.get("payload"))
                .filter(it -> it.at("/call/tool").asString().equals(tool))
                .toList();
    }

    private static List<String> lines(List<JsonNode> events) {
        return ofType(events, "console.line").stream()
                .map(it -> it.at("/payload/text").asString())
                .toList();
    }

    /** Waits for the question and says by what it is answered. */
    private static String asked(EventStream stream) throws Exception {
        stream.await("tool.approval.requested", AFTER_A_KILL);
        return ofType(stream.events(), "tool.approval.requested")
                .getFirst()
                .at("/payload/approval_id")
                .asString();
    }

    private static HttpResponse<String> answer(Gateway at, String run, String approval, String verb, String body) {
        return at.post("/v1/runs/" + run + "/approvals/" + approval + "/" + verb, body);
    }

    private String create(long timeout) {
        return SendingAssistant.run(gateway, tools, mark, timeout);
    }
}
