package io.tailrace.gateway.execution;

import static io.tailrace.gateway.testing.WrittenCalls.ended;
import static io.tailrace.gateway.testing.WrittenCalls.requested;
import static io.tailrace.gateway.testing.WrittenCalls.requestedBefore;
import static io.tailrace.gateway.testing.WrittenCalls.started;
import static io.tailrace.gateway.testing.WrittenCalls.succeeded;
import static io.tailrace.gateway.testing.WrittenCalls.succeededBefore;
import static io.tailrace.gateway.testing.WrittenExecution.answer;
import static io.tailrace.gateway.testing.WrittenExecution.failure;
import static io.tailrace.gateway.testing.WrittenExecution.input;
import static io.tailrace.gateway.testing.WrittenExecution.longAnswer;
import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.events.codec.EventCodec;
import io.tailrace.events.id.RunId;
import io.tailrace.events.plan.ReusedAnswer;
import io.tailrace.events.reading.ReadItem;
import io.tailrace.events.run.Failure;
import io.tailrace.events.run.Outcome;
import io.tailrace.events.run.Usage;
import io.tailrace.events.stage.StageFact.AbortReason;
import io.tailrace.events.stage.TurnFact.ToolOutcome;
import io.tailrace.gateway.json.EventDecoder;
import io.tailrace.gateway.json.JsonBytes;
import io.tailrace.gateway.testing.WrittenExecution;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What the contract says of each thing that happens to an execution. */
class ExecutionTest {
    private static final ExecutionEvents EVENTS =
            new ExecutionEvents(new EventDecoder(new EventCodec(), (_, _, _) -> {}));

    private final WrittenExecution execution = new WrittenExecution(new RunId("r-essay")).create();

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

    /** The fields of the last event of a type. */
    private static String fields(WrittenExecution written, ExecutionEventType type) {
        ExecutionEvent event = told(written).stream()
                .filter(it -> it.type() == type)
                .reduce((_, last) -> last)
                .orElseThrow();
        return new String(new JsonBytes(256).value(event.fields()).toBytes(), StandardCharsets.UTF_8);
    }

    private WrittenExecution failed() {
        return execution.finish(Outcome.FAILED).complete(Outcome.FAILED);
    }

    @Test
    void aWholeExecutionIsToldInItsOrder() {
        execution.prompt().prompt().prompt().complete(Outcome.SUCCEEDED);

        assertThat(names(execution))
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
                        "prompt-complete",
                        "progress",
                        "execution-complete");
        assertThat(told(execution)).extracting(ExecutionEvent::id).doesNotHaveDuplicates();
    }

    @Test
    void theStartNamesTheAssistantAndCountsItsPrompts() {
        assertThat(fields(execution, ExecutionEventType.EXECUTION_START)).isEqualTo("""
                {"executionId":"r-essay","totalPrompts":3,"toolName":"essay"}""");
    }

    @Test
    void thePromptsAreCountedFromOne() {
        execution.prompt();

        assertThat(fields(execution, ExecutionEventType.PROMPT_START)).isEqualTo("""
                {"promptId":10,"promptName":"outline","position":1,"totalPrompts":3,"modelId":"script-1",\
                "hasKnowledge":true,"hasTools":false}""");
        assertThat(fields(execution.request().claim(), ExecutionEventType.PROMPT_START))
                .isEqualTo("""
                {"promptId":20,"promptName":"draft","position":2,"totalPrompts":3,"modelId":"script-1",\
                "hasKnowledge":false,"hasTools":true}""");
    }

    @Test
    void variablesHaveTheirValuesAndThePromptsThatTheyComeFrom() {
        execution.prompt().request().claim().substitute(answer("outline", "Source.\n\"Mouth\""), input("tone", "dry"));

        assertThat(fields(execution, ExecutionEventType.VARIABLE_SUBSTITUTION)).isEqualTo("""
                {"promptId":20,"variables":{"outline":"Source.\\n\\"Mouth\\"","tone":"dry"},"sourcePrompts":[10]}""");
    }

    @Test
    void aLongValueIsNamed() {
        execution.prompt().request().claim().substitute(longAnswer("outline", 70_000));

        assertThat(fields(execution, ExecutionEventType.VARIABLE_SUBSTITUTION))
                .isEqualTo("""
                {"promptId":20,"variables":{"outline":{"sha256":"%s","length":70000,"position":\
                {"topic":"tailrace.turn-events","partition":3,"offset":120}}},"sourcePrompts":[10]}""".formatted("c".repeat(64)));
    }

    @Test
    void repositoriesAreAskedAndWhatWasFoundIsCounted() {
        execution.prompt();

        assertThat(fields(execution, ExecutionEventType.KNOWLEDGE_RETRIEVAL_START))
                .isEqualTo("""
                {"promptId":10,"repositories":[7],"searchType":"keyword"}""");
        assertThat(fields(execution, ExecutionEventType.KNOWLEDGE_RETRIEVED)).isEqualTo("""
                {"promptId":10,"documentsFound":2,"relevanceScore":0.625,"tokens":31}""");
    }

    @Test
    void aPromptIsCompleteWithItsTokensAndTime() {
        execution.prompt();

        assertThat(fields(execution, ExecutionEventType.PROMPT_COMPLETE)).isEqualTo("""
                {"promptId":10,"outputTokens":5,"duration":250,"cached":false}""");
    }

    @ParameterizedTest
    @EnumSource(ReusedAnswer.Reason.class)
    void anAnswerOfTheCacheIsCachedAndOneOfTheRunBeforeIsNot(ReusedAnswer.Reason reason) {
        execution.request().claim().reuse(reason).answer(Usage.NONE).finish(Outcome.SUCCEEDED);

        assertThat(names(execution)).containsExactly("execution-start", "prompt-start", "prompt-complete", "progress");
        assertThat(fields(execution, ExecutionEventType.PROMPT_COMPLETE))
                .isEqualTo("""
                {"promptId":10,"outputTokens":0,"duration":250,"cached":%s}""".formatted(reason == ReusedAnswer.Reason.CACHE));
    }

    @Test
    void anAnswerOfTheCacheThatTheNextWorkerDoesNotGetIsNotCached() {
        execution
                .request()
                .claim()
                .reuse(ReusedAnswer.Reason.CACHE)
                .claim()
                .prepare()
                .answer(WrittenExecution.USAGE);

        assertThat(fields(execution, ExecutionEventType.PROMPT_COMPLETE)).contains("\"cached\":false");
    }

    @Test
    void progressIsAPartOfAllPromptsRoundedDown() {
        assertThat(fields(execution.prompt(), ExecutionEventType.PROGRESS)).isEqualTo("""
                {"currentStep":1,"totalSteps":3,"percentage":33,"message":"Prompt 1 of 3 is answered: outline."}""");
        assertThat(fields(execution.prompt(), ExecutionEventType.PROGRESS)).contains("\"percentage\":66");
        assertThat(fields(execution.prompt(), ExecutionEventType.PROGRESS)).contains("\"percentage\":100");
    }

    @Test
    void theEndCountsTokensAndTime() {
        execution.prompt().prompt().prompt().complete(Outcome.SUCCEEDED);

        assertThat(fields(execution, ExecutionEventType.EXECUTION_COMPLETE)).isEqualTo("""
                {"executionId":"r-essay","totalTokens":15,"duration":4321,"success":true}""");
    }

    @ParameterizedTest
    @org.junit.jupiter.params.provider.ValueSource(booleans = {true, false})
    void aFailureSaysWhichPromptFailedAndWhetherARetryMayHelp(boolean recoverable) {
        execution
                .prompt()
                .request()
                .claim()
                .prepare()
                .fail(failure("rate_limited", recoverable, Map.of("status", "429", "after_ms", "90", "code", "x")));

        assertThat(fields(failed(), ExecutionEventType.EXECUTION_ERROR)).isEqualTo("""
                {"executionId":"r-essay","error":"It did not work.","promptId":20,"recoverable":%s,\
                "details":{"code":"rate_limited","after_ms":"90","status":"429"}}""".formatted(recoverable));
        assertThat(names(execution)).doesNotContain("execution-complete").endsWith("execution-error");
    }

    @ParameterizedTest
    @EnumSource(
            value = AbortReason.class,
            names = {"QUEUE_DEADLINE", "STAGE_DEADLINE", "WALL_CLOCK", "ATTEMPTS_EXHAUSTED"})
    void aPromptThatWasEndedByForceMayBeTriedAgain(AbortReason reason) {
        execution.request().claim().abort(reason, Outcome.FAILED);

        assertThat(fields(failed(), ExecutionEventType.EXECUTION_ERROR))
                .isEqualTo("""
                {"executionId":"r-essay","error":"It had to end.","promptId":10,"recoverable":true,\
                "details":{"code":"%s"}}""".formatted(reason.name().toLowerCase(java.util.Locale.ROOT)));
    }

    @Test
    void aPromptThatNobodyTookFailsWithoutAStart() {
        execution.request().abort(AbortReason.QUEUE_DEADLINE, Outcome.FAILED);

        assertThat(names(failed())).containsExactly("execution-start", "execution-error");
        assertThat(fields(execution, ExecutionEventType.EXECUTION_ERROR)).contains("\"promptId\":10");
    }

    @Test
    void aFailureBetweenPromptsIsNoPromptsAndNoRetryHelps() {
        execution.prompt().complete(Outcome.FAILED, Optional.of(Failure.of("result_missing", "There is none.")));

        assertThat(fields(execution, ExecutionEventType.EXECUTION_ERROR)).isEqualTo("""
                {"executionId":"r-essay","error":"There is none.","recoverable":false,\
                "details":{"code":"result_missing"}}""");
    }

    @Test
    void aCanceledExecutionSaysWhyAndCanBeRunAgain() {
        execution
                .request()
                .claim()
                .requestCancel("changed my mind")
                .fail(failure("canceled", false, Map.of()))
                .finish(Outcome.CANCELED)
                .complete(Outcome.CANCELED);

        assertThat(fields(execution, ExecutionEventType.EXECUTION_ERROR)).isEqualTo("""
                {"executionId":"r-essay","error":"The execution was canceled.","recoverable":true,\
                "details":{"code":"canceled","reason":"changed my mind"}}""");
        assertThat(names(execution)).doesNotContain("prompt-complete", "progress");
    }

    @Test
    void workThatIsDoneAgainIsNotToldAgain() {
        execution
                .request()
                .claim()
                .substitute(input("topic", "rivers"))
                .search()
                .claim()
                .prepare()
                .deltas("x")
                .claim()
                .prepare()
                .answer(WrittenExecution.USAGE)
                .finish(Outcome.SUCCEEDED);

        assertThat(names(execution))
                .containsExactly(
                        "execution-start",
                        "prompt-start",
                        "variable-substitution",
                        "knowledge-retrieval-start",
                        "knowledge-retrieved",
                        "prompt-complete",
                        "progress");
    }

    private WrittenExecution calling() {
        return execution.prompt().request().claim().prepare();
    }

    @Test
    void aCallOfAToolHasItsArgumentsAndItsResult() {
        calling().say(requested(1, 2), started(1, 1), started(1, 0), succeeded(1, 1, "Rhine\n\"Aare\""));

        assertThat(fields(execution, ExecutionEventType.TOOL_EXECUTION_START)).isEqualTo("""
                {"promptId":20,"toolName":"page-1-0","parameters":{"url":"https://rivers.example/all"}}""");
        assertThat(fields(execution, ExecutionEventType.TOOL_EXECUTION_COMPLETE))
                .isEqualTo("""
                {"promptId":20,"toolName":"page-1-1","success":true,"result":"Rhine\\n\\"Aare\\""}""");
        assertThat(calls())
                .containsExactly(
                        "tool-execution-start page-1-1",
                        "tool-execution-start page-1-0",
                        "tool-execution-complete page-1-1");
    }

    @ParameterizedTest
    @EnumSource(
            value = ToolOutcome.class,
            names = {"FAILED", "UNKNOWN", "REFUSED"})
    void aCallWithoutAResultSaysWhy(ToolOutcome outcome) {
        calling().say(requested(1, 1), ended(1, 0, outcome, "It did not work."));

        assertThat(fields(execution, ExecutionEventType.TOOL_EXECUTION_COMPLETE))
                .isEqualTo("""
                {"promptId":20,"toolName":"page-1-0","success":false,"error":"no_luck: It did not work."}""");
    }

    /** Whatever a model wrote: the stream goes on, and nothing of it is of another size or meaning than it was. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '$',
            value = {
                "{\"a\":[1,-2.5,true,null,\"x\"]} | {\"a\":[1,-2.5,true,null,\"x\"]}",
                "7 | 7",
                "null | null",
                "{\"a\": | \"{\\\"a\\\":\"",
                "{\"a\":1,\"a\":2} | \"{\\\"a\\\":1,\\\"a\\\":2}\"",
                "[1e999] | \"[1e999]\"",
                "{\"n\":123456789012345678901234567890} | \"{\\\"n\\\":123456789012345678901234567890}\"",
                "NaN | \"NaN\"",
                "[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]] | \"[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]\""
            })
    void argumentsAreJsonIfTheyAreAndElseText(String written, String shown) {
        calling().say(requested(1, 1), started(1, 0, written));

        assertThat(fields(execution, ExecutionEventType.TOOL_EXECUTION_START))
                .endsWith("\"parameters\":" + shown + "}");
    }

    @Test
    void aCallWithoutArgumentsHasNoParameters() {
        calling().say(requested(1, 1), started(1, 0, " "));

        assertThat(fields(execution, ExecutionEventType.TOOL_EXECUTION_START)).isEqualTo("""
                {"promptId":20,"toolName":"page-1-0"}""");
    }

    @Test
    void whatIsLongIsShownFromItsBeginningAndNoCharacterIsCutInTwo() {
        String longest = "x".repeat(2047) + "\ud83d\ude00" + "y".repeat(70_000);
        calling()
                .say(
                        requested(1, 1),
                        started(1, 0, "{\"a\":\"" + longest + "\"}"),
                        succeeded(1, 0, longest),
                        succeeded(1, 1, "x".repeat(2048)));

        assertThat(told(execution).stream()
                        .filter(it -> it.type() == ExecutionEventType.TOOL_EXECUTION_COMPLETE)
                        .map(it -> it.fields().get("result")))
                .containsExactly("x".repeat(2047) + "…", "x".repeat(2048));
        assertThat(fields(execution, ExecutionEventType.TOOL_EXECUTION_START).length())
                .isBetween(2048, 2200);
    }

    /** The calls of the execution by their tools, each of which is called once. */
    private List<String> calls() {
        return told(execution).stream()
                .filter(it -> it.type().wireName().startsWith("tool-"))
                .map(it -> it.type().wireName() + " " + it.fields().get("toolName"))
                .toList();
    }

    @Test
    void whatALostAttemptHadSaidOfItsCallsIsNotSaidAgain() {
        calling()
                .say(requested(1, 2), started(1, 0), started(1, 1), succeeded(1, 0, "one"))
                .claim()
                .prepare()
                .say(requestedBefore(1, 2), succeededBefore(1, 0, "one"), started(1, 1), succeeded(1, 1, "two"))
                .say(requested(2, 1), started(2, 0))
                .claim()
                .prepare()
                .say(requestedBefore(1, 2), succeededBefore(1, 0, "one"), succeededBefore(1, 1, "two"))
                .say(requestedBefore(2, 1), ended(2, 0, ToolOutcome.UNKNOWN, "Nobody knows."))
                .answer(WrittenExecution.USAGE);

        assertThat(calls())
                .containsExactly(
                        "tool-execution-start page-1-0",
                        "tool-execution-start page-1-1",
                        "tool-execution-complete page-1-0",
                        "tool-execution-complete page-1-1",
                        "tool-execution-start page-2-0",
                        "tool-execution-complete page-2-0");
        assertThat(names(execution)).endsWith("prompt-complete").containsOnlyOnce("knowledge-retrieved");
    }

    /** Retention, or a value that cannot be read, has taken what the attempt before said. */
    @Test
    void aRepeatedResultThatNobodyHasSeenIsTold() {
        calling().say(requestedBefore(1, 1), succeededBefore(1, 0, "one"));

        assertThat(calls()).containsExactly("tool-execution-complete page-1-0");
        assertThat(fields(execution, ExecutionEventType.TOOL_EXECUTION_COMPLETE))
                .contains("\"result\":\"one\"");
    }

    @Test
    void theCallsOfAnotherPromptAreOthers() {
        calling()
                .say(requested(1, 1), started(1, 0), succeeded(1, 0, "one"))
                .answer(WrittenExecution.USAGE)
                .finish(Outcome.SUCCEEDED)
                .request()
                .claim()
                .say(requested(1, 1), started(1, 0), succeeded(1, 0, "one"));

        assertThat(calls()).hasSize(4);
    }

    @Test
    void eventsOfANewerReleaseAreLeftOut() {
        execution
                .request()
                .claim()
                .unknown()
                .prepare()
                .unknown()
                .answer(WrittenExecution.USAGE)
                .finish(Outcome.SUCCEEDED);

        assertThat(names(execution)).hasSize(7);
    }

    @Test
    void withoutThePlanNothingIsSaidOfPrompts() {
        execution.prompt().prompt().prompt().complete(Outcome.SUCCEEDED);
        List<ReadItem.Numbered> rest =
                execution.items().subList(1, execution.items().size());

        List<ExecutionEventType> told = new ArrayList<>();
        Execution state = Execution.before(execution.id());
        for (ReadItem.Numbered item : rest) {
            Execution.Told next = EVENTS.next(state, item, 0);
            next.event().ifPresent(it -> told.add(it.type()));
            state = next.after();
        }

        assertThat(told).containsExactly(ExecutionEventType.EXECUTION_COMPLETE);
    }
}
