package io.tailrace.turn.provider.scripted;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.turn.provider.CallEnd;
import io.tailrace.turn.provider.CallTimeouts;
import io.tailrace.turn.provider.FailureCode;
import io.tailrace.turn.provider.FinishReason;
import io.tailrace.turn.provider.ModelDelta;
import io.tailrace.turn.provider.ModelMessage;
import io.tailrace.turn.provider.ModelRequest;
import io.tailrace.turn.provider.ProviderCall;
import io.tailrace.turn.provider.ProviderFailure;
import io.tailrace.turn.provider.Reply;
import io.tailrace.turn.provider.ToolInvocation;
import io.tailrace.turn.provider.Usage;
import io.tailrace.turn.provider.call.Watchdog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScriptedProviderTest {

    private static final ModelRequest HELLO =
            ModelRequest.of("scripted-1", List.of(new ModelMessage.User("hello there, world")));

    private final Watchdog watchdog = new Watchdog();
    private final ScriptedProvider provider = new ScriptedProvider("scripted", watchdog);
    private final List<ModelDelta> deltas = new ArrayList<>();

    @AfterEach
    void close() {
        watchdog.close();
    }

    @Test
    void withoutAScriptItRepeatsTheUsersWordsWordByWord() {
        CallEnd end = run(HELLO);

        assertThat(deltas)
                .containsExactly(text("You "), text("said: "), text("hello "), text("there, "), text("world"));
        assertThat(end)
                .isEqualTo(new CallEnd.Finished(
                        FinishReason.STOP, Usage.of(5, 7).withCachedInput(0).withReasoning(0)));
    }

    @Test
    void theSameRequestHasTheSameAnswer() {
        CallEnd first = run(HELLO);
        List<ModelDelta> once = List.copyOf(deltas);
        deltas.clear();

        assertThat(run(HELLO)).isEqualTo(first);
        assertThat(deltas).isEqualTo(once);
    }

    @Test
    void chunksAreSaidAsTheyStandAfterTheReasoningAndAsOftenAsAskedFor() {
        CallEnd end = script("""
                {"reasoning": ["hm"], "text": ["ab", " cd "], "repeat": 2, "finish_reason": "length",
                 "usage": {"input": 100, "cached_input": 90, "output": 5, "reasoning": 1, "total": 105}}""");

        assertThat(deltas)
                .containsExactly(new ModelDelta.Reasoning("hm"), text("ab"), text(" cd "), text("ab"), text(" cd "));
        assertThat(end)
                .isEqualTo(new CallEnd.Finished(
                        FinishReason.LENGTH,
                        Usage.of(100, 5).withCachedInput(90).withReasoning(1)));
    }

    @Test
    void aProviderThatTellsNoUsageIsScriptedToo() {
        assertThat(script("{\"text\": \"hi\", \"usage\": \"none\"}"))
                .isEqualTo(new CallEnd.Finished(FinishReason.STOP, Usage.unknown()));
    }

    @Test
    void toolCallsComeWhereTheScriptPutsThem() {
        CallEnd end = script("""
                {"text": ["a", "b"], "tool_calls": [
                  {"name": "look", "id": "x1", "arguments": {"at": 7}, "after_chunks": 1},
                  {"name": "wait"}]}""");

        assertThat(deltas)
                .containsExactly(
                        text("a"),
                        new ModelDelta.ToolCall(0, "x1", "look", ""),
                        new ModelDelta.ToolCall(0, "x1", "look", "{\"at\":7}"),
                        text("b"),
                        new ModelDelta.ToolCall(1, "call_1_1", "wait", ""),
                        new ModelDelta.ToolCall(1, "call_1_1", "wait", "{}"));
        assertThat(((CallEnd.Finished) end).reason()).isEqualTo(FinishReason.TOOL_CALLS);
    }

    @Test
    void everyCallOfATurnHasItsStep() {
        String script = """
                {"steps": [{"tool_calls": [{"name": "look", "id": "x1"}]}, {"text": "I saw it."}]}""";
        List<ModelMessage> conversation = new ArrayList<>(List.of(
                new ModelMessage.User("earlier"),
                ModelMessage.Assistant.of("earlier answer"),
                new ModelMessage.User("look")));

        run(ModelRequest.of("scripted-1", conversation).withScript(script));
        Reply first = reply();
        conversation.add(first.message());
        conversation.add(new ModelMessage.ToolResult("x1", "a bird", false));
        deltas.clear();
        run(ModelRequest.of("scripted-1", conversation).withScript(script));

        assertThat(first.message().toolCalls()).containsExactly(new ToolInvocation("x1", "look", "{}"));
        assertThat(reply().message().text()).isEqualTo("I saw it.");

        conversation.add(reply().message());
        CallEnd third = run(ModelRequest.of("scripted-1", conversation).withScript(script));
        assertThat(failure(third).code()).isEqualTo(FailureCode.INVALID_REQUEST);
        assertThat(failure(third).message()).contains("2 steps", "call 3");
    }

    @Test
    void itFailsAfterAsManyDeltasAsAskedForAndTellsTheUsageUntilThen() {
        CallEnd end = script("""
                {"text": ["1234", "1234", "1234"],
                 "fail": {"after_deltas": 2, "code": "rate_limited", "message": "Later.", "recoverable": false}}""");

        assertThat(deltas).hasSize(2);
        assertThat(failure(end)).isEqualTo(ProviderFailure.of(FailureCode.RATE_LIMITED, "Later.", false));
        assertThat(((CallEnd.Failed) end).partial().orElseThrow().output()).hasValue(2);
    }

    @Test
    void aDisconnectIsAStreamThatEndedEarly() {
        CallEnd end = script("{\"text\": [\"a\", \"b\"], \"disconnect\": {\"after_deltas\": 1}}");

        assertThat(deltas).containsExactly(text("a"));
        assertThat(failure(end).message()).contains("ended early");
        assertThat(failure(end).recoverable()).isTrue();
    }

    @Test
    void aCancelEndsAWaitAtOnceAlsoBeforeTheFirstDelta() throws Exception {
        ProviderCall call = provider.start(HELLO.withScript("{\"text\": [\"a\"], \"first_delay_ms\": 60000}"));
        CompletableFuture<CallEnd> end = CompletableFuture.supplyAsync(() -> call.run(deltas::add));

        call.cancel();

        assertThat(end.get(50, TimeUnit.SECONDS)).isInstanceOf(CallEnd.Canceled.class);
        assertThat(deltas).isEmpty();
    }

    @Test
    void aCancelBetweenDeltasKeepsWhatWasSaid() throws Exception {
        ProviderCall call = provider.start(HELLO.withScript("{\"text\": [\"1234\", \"b\"], \"pace_ms\": 60000}"));
        CountDownLatch said = new CountDownLatch(1);
        CompletableFuture<CallEnd> end = CompletableFuture.supplyAsync(() -> call.run(_ -> said.countDown()));
        said.await();

        call.cancel();

        CallEnd.Canceled canceled = (CallEnd.Canceled) end.get(50, TimeUnit.SECONDS);
        assertThat(canceled.partial().isEmpty()
                        || canceled.partial().get().output().orElse(0) <= 1)
                .isTrue();
    }

    @Test
    void aFirstDelayLongerThanTheRequestAllowsIsATimeout() {
        CallTimeouts strict = new CallTimeouts(Duration.ofMillis(30), Duration.ofMinutes(1), Duration.ofMinutes(1));

        CallEnd end = run(HELLO.withTimeouts(strict).withScript("{\"text\": \"a\", \"first_delay_ms\": 60000}"));

        assertThat(failure(end).code()).isEqualTo(FailureCode.TIMEOUT);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {"txt": "a"}                                       | txt is unknown
                    {"text": 7}                                        | text must be a list
                    {"text": []}                                       | text must be a list
                    {"text": ["a", 7]}                                 | text[1] must be a text
                    {"text": [""]}                                     | text[0] must be a text
                    {"reasoning": {}}                                  | reasoning must be a list
                    {"pace_ms": 60001}                                 | pace_ms must be a whole number from 0 to 60000
                    {"pace_ms": -1}                                    | pace_ms must be
                    {"pace_ms": 1.5}                                   | pace_ms must be
                    {"pace_ms": "1"}                                   | pace_ms must be
                    {"first_delay_ms": 600001}                         | first_delay_ms must be
                    {"repeat": 0}                                      | repeat must be
                    {"text": ["aaaaaaaaaaaaaaaaaaaa"], "repeat": 99999} | text is more than
                    {"fail": {"code": "on_fire"}}                      | fail.code is unknown; known are unknown_provider
                    {"fail": {"after": 1}}                             | fail.after is unknown
                    {"fail": {"recoverable": "yes"}}                   | fail.recoverable must be true or false
                    {"fail": {}, "disconnect": {}}                     | disconnect cannot be there beside fail
                    {"disconnect": true}                               | disconnect must be an object
                    {"tool_calls": [{"arguments": {}}]}                | tool_calls[0].name is required
                    {"tool_calls": [{"name": "a", "arguments": "{}"}]} | tool_calls[0].arguments must be an object
                    {"tool_calls": [{"name": "a", "after_chunks": 1}]} | tool_calls[0].after_chunks must be
                    {"usage": {"input": -1}}                           | usage.input must be
                    {"usage": {"prompt": 1}}                           | usage.prompt is unknown
                    {"usage": "some"}                                  | usage must be an object
                    {"finish_reason": "done"}                          | finish_reason is unknown
                    {"steps": []}                                      | steps must be a list
                    {"steps": [{}], "text": "a"}                       | text is unknown
                    {"steps": [{}, {"pace": 1}]}                       | steps[1].pace is unknown
                    []                                                 | $ must be an object
                    {"text": "a", "text": "b"}                         | $ is not JSON
                    {"text": "a"} {}                                   | $ is not JSON
                    {"text                                             | $ is not JSON
                    """)
    void aScriptThatCannotBePlayedIsAnInvalidRequestThatNamesThePlace(String script, String problem) {
        ProviderFailure failure = failure(script(script));

        assertThat(failure.code()).isEqualTo(FailureCode.INVALID_REQUEST);
        assertThat(failure.recoverable()).isFalse();
        assertThat(failure.message()).startsWith("The script cannot be played: " + problem);
    }

    @Test
    void theStepsOfAScriptAreBoundedTogether() {
        String step = "{\"text\": [\"a\"], \"repeat\": 60000}";

        assertThat(failure(script("{\"steps\": [" + step + ", " + step + "]}")).message())
                .contains("steps have more than 100000 chunks in all");
    }

    @Test
    void aScriptThatIsTooLongIsRefused() {
        assertThat(failure(script("{\"text\": \"" + "a".repeat(3_000_000) + "\"}"))
                        .message())
                .contains("longer than");
    }

    private CallEnd script(String json) {
        return run(HELLO.withScript(json));
    }

    private CallEnd run(ModelRequest request) {
        return provider.start(request).run(deltas::add);
    }

    private Reply reply() {
        Reply reply = new Reply();
        deltas.forEach(reply::add);
        return reply;
    }

    private static ProviderFailure failure(CallEnd end) {
        return ((CallEnd.Failed) end).failure();
    }

    private static ModelDelta text(String text) {
        return new ModelDelta.Text(text);
    }
}
