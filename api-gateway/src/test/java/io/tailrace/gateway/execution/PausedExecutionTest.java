package io.tailrace.gateway.execution;

import static io.tailrace.gateway.testing.WrittenCalls.ended;
import static io.tailrace.gateway.testing.WrittenCalls.requested;
import static io.tailrace.gateway.testing.WrittenCalls.started;
import static io.tailrace.gateway.testing.WrittenCalls.succeeded;
import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.events.codec.EventCodec;
import io.tailrace.events.id.RunId;
import io.tailrace.events.reading.ReadItem;
import io.tailrace.events.run.ApprovalDecision;
import io.tailrace.events.run.Failure;
import io.tailrace.events.run.Outcome;
import io.tailrace.events.stage.StageFact.AbortReason;
import io.tailrace.events.stage.TurnFact.ToolOutcome;
import io.tailrace.gateway.json.EventDecoder;
import io.tailrace.gateway.json.JsonBytes;
import io.tailrace.gateway.testing.WrittenExecution;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the contract says of a prompt that is paused and goes on in other stages. */
class PausedExecutionTest {
    private static final ExecutionEvents EVENTS =
            new ExecutionEvents(new EventDecoder(new EventCodec(), (_, _, _) -> {}));

    private final WrittenExecution execution =
            new WrittenExecution(new RunId("r-essay")).create().prompt();

    private static List<ExecutionEvent> told(WrittenExecution written) {
        List<ExecutionEvent> told = new ArrayList<>();
        Execution state = Execution.before(written.id());
        for (ReadItem.Numbered item : written.items()) {
            Execution.Told next = EVENTS.next(state, item, 0);
            next.event().ifPresent(told::add);
            state = next.after();
        }
        return told;
    }

    private static List<String> names(WrittenExecution written) {
        return told(written).stream().map(it -> it.type().wireName()).toList();
    }

    private static String fields(ExecutionEvent event) {
        return new String(new JsonBytes(256).value(event.fields()).toBytes(), StandardCharsets.UTF_8);
    }

    private static List<String> all(WrittenExecution written, ExecutionEventType type) {
        return told(written).stream()
                .filter(it -> it.type() == type)
                .map(PausedExecutionTest::fields)
                .toList();
    }

    private static String last(WrittenExecution written, ExecutionEventType type) {
        return all(written, type).getLast();
    }

    /** The second prompt asks for a call that somebody has to approve, and for one that is a build. */
    private WrittenExecution paused() {
        return execution
                .request()
                .claim()
                .prepare()
                .say(requested(1, 2))
                .pause(1, 0, 1)
                .ask(1, 0);
    }

    private WrittenExecution answered() {
        return paused().decide(1, 0, ApprovalDecision.APPROVED, Optional.of("ada"))
                .build(1, 1, Outcome.FAILED)
                .goOn()
                .resume(1)
                .say(started(1, 0), succeeded(1, 0, "r"), ended(1, 1, ToolOutcome.FAILED, "exit code 1"))
                .answer(WrittenExecution.USAGE)
                .finish(Outcome.SUCCEEDED);
    }

    @Test
    void aPromptThatWasPausedIsToldAsOne() {
        assertThat(names(answered()).subList(7, names(execution).size()))
                .containsExactly(
                        "prompt-start",
                        "variable-substitution",
                        "progress",
                        "tool-execution-start",
                        "tool-execution-start",
                        "tool-execution-complete",
                        "tool-execution-complete",
                        "prompt-complete",
                        "progress");
        assertThat(told(execution)).extracting(ExecutionEvent::id).doesNotHaveDuplicates();
    }

    @Test
    void progressIsThatOfThePlanHoweverManyStagesThereAre() {
        answered().prompt().complete(Outcome.SUCCEEDED);

        assertThat(all(execution, ExecutionEventType.PROGRESS)).containsExactly("""
                {"currentStep":1,"totalSteps":3,"percentage":33,"message":"Prompt 1 of 3 is answered: outline."}""", """
                {"currentStep":1,"totalSteps":3,"percentage":33,"message":"Waiting for approval of page-1-0."}""", """
                {"currentStep":2,"totalSteps":3,"percentage":66,"message":"Prompt 2 of 3 is answered: draft."}""", """
                {"currentStep":3,"totalSteps":3,"percentage":100,"message":"Prompt 3 of 3 is answered: review."}""");
        assertThat(names(execution).getLast()).isEqualTo("execution-complete");
    }

    @Test
    void tokensAreThoseOfAllStagesAndTheTimeIsFromTheFirstStart() {
        answered();
        List<ExecutionEvent> told = told(execution);
        ExecutionEvent start = told.stream()
                .filter(it -> it.type() == ExecutionEventType.PROMPT_START)
                .reduce((_, later) -> later)
                .orElseThrow();
        ExecutionEvent end = told.stream()
                .filter(it -> it.type() == ExecutionEventType.PROMPT_COMPLETE)
                .reduce((_, later) -> later)
                .orElseThrow();

        assertThat(fields(end))
                .isEqualTo("{\"promptId\":20,\"outputTokens\":10,\"duration\":%d,\"cached\":false}"
                        .formatted(end.timestamp().toEpochMilli()
                                - start.timestamp().toEpochMilli()));
    }

    /** The attempt that was lost had paused the prompt, and the spine has not heard of it. */
    @Test
    void onlyThePauseThatCountsIsCounted() {
        paused().decide(1, 0, ApprovalDecision.APPROVED, Optional.empty())
                .goOn()
                .resume(1);
        execution.say(started(1, 0)).resume(1).say(started(1, 0), succeeded(1, 0, "r"));
        execution.say(requested(2, 1)).pause(2, 0).ask(2, 0);
        execution.decide(2, 0, ApprovalDecision.DENIED, Optional.empty()).goOn().resume(2);
        execution.say(ended(2, 0, ToolOutcome.REFUSED, "denied")).answer(WrittenExecution.USAGE);

        assertThat(last(execution, ExecutionEventType.PROMPT_COMPLETE)).contains("\"outputTokens\":15,");
        assertThat(all(execution, ExecutionEventType.TOOL_EXECUTION_START)).hasSize(1);
        assertThat(all(execution, ExecutionEventType.TOOL_EXECUTION_COMPLETE)).hasSize(2);
        assertThat(all(execution, ExecutionEventType.PROMPT_START)).hasSize(2);
    }

    @Test
    void aCallThatABuildExecutesStartsWithItsBuildAndItsArguments() {
        paused().decide(1, 0, ApprovalDecision.DENIED, Optional.empty()).build(1, 1, Outcome.SUCCEEDED);

        assertThat(all(execution, ExecutionEventType.TOOL_EXECUTION_START)).containsExactly("""
                {"promptId":20,"toolName":"page-1-1","parameters":{"url":"https://rivers.example/all"}}""");
    }

    @Test
    void aBuildThatFailsForAToolFailsNoPrompt() {
        answered().prompt().complete(Outcome.FAILED, Optional.of(Failure.of("odd", "Odd.")));

        assertThat(last(execution, ExecutionEventType.EXECUTION_ERROR)).isEqualTo("""
                {"executionId":"r-essay","error":"Odd.","recoverable":false,"details":{"code":"odd"}}""");
    }

    @Test
    void aRunThatIsEndedByForceWhileItWaitsMayDoBetterAnotherTime() {
        paused().complete(Outcome.FAILED, Optional.of(Failure.of("wall_clock", "It took too long.")));

        assertThat(last(execution, ExecutionEventType.EXECUTION_ERROR)).isEqualTo("""
                {"executionId":"r-essay","error":"It took too long.","promptId":20,"recoverable":true,\
                "details":{"code":"wall_clock"}}""");
    }

    @Test
    void aPromptThatFailsAfterAPauseIsTheOneThatFailed() {
        paused().decide(1, 0, ApprovalDecision.EXPIRED, Optional.empty()).goOn().resume(1);
        execution
                .abort(AbortReason.STAGE_DEADLINE, Outcome.FAILED)
                .finish(Outcome.FAILED)
                .complete(Outcome.FAILED);

        assertThat(last(execution, ExecutionEventType.EXECUTION_ERROR))
                .contains("\"promptId\":20,\"recoverable\":true")
                .contains("stage_deadline");
    }
}
