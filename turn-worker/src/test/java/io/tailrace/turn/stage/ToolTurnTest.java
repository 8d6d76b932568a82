package io.tailrace.turn.stage;

import static io.tailrace.turn.stage.ToolTurns.call;
import static io.tailrace.turn.stage.ToolTurns.calls;
import static io.tailrace.turn.stage.ToolTurns.one;
import static io.tailrace.turn.stage.ToolTurns.says;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.tailrace.events.log.LogPosition;
import io.tailrace.events.log.Topic;
import io.tailrace.events.plan.ToolUse;
import io.tailrace.events.stage.TurnFact;
import io.tailrace.events.stage.TurnFact.Billing;
import io.tailrace.events.stage.TurnFact.FinishReason;
import io.tailrace.events.stage.TurnFact.ToolCallsRequested;
import io.tailrace.events.stage.TurnFact.ToolExecutionCompleted;
import io.tailrace.events.stage.TurnFact.ToolExecutionStarted;
import io.tailrace.events.stage.TurnFact.ToolOutcome;
import io.tailrace.events.stage.TurnFailure;
import io.tailrace.turn.provider.Capability;
import io.tailrace.turn.provider.GenerationSettings;
import io.tailrace.turn.provider.ModelDefinition;
import io.tailrace.turn.provider.ModelMessage;
import io.tailrace.turn.provider.OpenAiApi;
import io.tailrace.turn.provider.ProviderDefinition;
import io.tailrace.turn.provider.ProviderFamily;
import io.tailrace.turn.tool.CallResult;
import io.tailrace.worker.attempt.AttemptLost;
import io.tailrace.worker.attempt.StopReason;
import io.tailrace.worker.attempt.StopSignal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Prompts with tools. */
@Timeout(60)
class ToolTurnTest {
    private ToolTurns turn = new ToolTurns();

    @AfterEach
    void close() {
        turn.close();
    }

    @Test
    void aCallThatMayNotBeRepeatedDoesNotBeginOnceAnotherAttemptHasTheStage() {
        turn.turns.standing = _ -> false;

        assertThatThrownBy(() -> turn.execute(call("act", "url", "http://example.org/a"), says("never said")))
                .isInstanceOf(AttemptLost.class);

        assertThat(turn.executed).isEmpty();
        assertThat(turn.log.last()).isInstanceOf(ToolExecutionStarted.class);
        assertThat(turn.turns.judged)
                .containsExactly(
                        new LogPosition(Topic.TURN_EVENTS, 0, turn.log.facts().size() - 1L));
    }

    @Test
    void aCallThatMayNotBeRepeatedDoesNotBeginWhileNobodyKnowsWhoHasTheStage() {
        turn.turns.standing = _ -> {
            throw new TimeoutException("the log cannot be read");
        };

        assertThatThrownBy(() -> turn.execute(call("act", "url", "http://example.org/a"), says("never said")))
                .isInstanceOf(TimeoutException.class);

        assertThat(turn.executed).isEmpty();
    }

    @Test
    void theLogIsAskedBeforeEachCallThatMayNotBeRepeatedAndBeforeNoOther() throws Exception {
        turn.execute(
                calls(one("get", "url", "http://example.org/a"), one("look_up", "query", "a")),
                call("act", "url", "http://example.org/b"),
                call("act", "url", "http://example.org/c"),
                says("Done."));

        assertThat(turn.executed).hasSize(4);
        assertThat(turn.turns.judged).hasSize(2);
    }

    @Test
    void aRoundIsSaidInItsOrderAndTheModelHearsOfIt() throws Exception {
        turn.execute(call("get", "url", "http://example.org/a"), says("There is A."));

        assertThat(turn.log.types().stream().distinct())
                .containsExactly(
                        "turn.started",
                        "context.built",
                        "turn.checkpointed",
                        "model.delta",
                        "turn.usage",
                        "tool.calls.requested",
                        "tool.execution.started",
                        "tool.execution.completed",
                        "turn.completed");
        ToolCallsRequested requested = turn.log.of(ToolCallsRequested.class).getFirst();
        assertThat(requested.round()).isEqualTo(1);
        assertThat(requested.repeated()).isFalse();
        assertThat(requested.message().text()).isEqualTo("Let me see. ");
        ToolExecutionStarted started = turn.log.of(ToolExecutionStarted.class).getFirst();
        assertThat(started.idempotencyKey()).isEqualTo(ToolTurns.KEY + "1/0");
        assertThat(started.arguments()).isEqualTo("{\"url\":\"http://example.org/a\"}");
        ToolExecutionCompleted completed = completed().getFirst();
        assertThat(completed.outcome()).isEqualTo(ToolOutcome.SUCCEEDED);
        assertThat(completed.result()).isEqualTo("result of http://example.org/a");
        assertThat(completed.code()).isEmpty();
        assertThat(told()).containsExactly("result of http://example.org/a");
        assertThat(turn.asked.getFirst().tools()).hasSize(3);
        assertThat(turn.asked.getLast().tools()).hasSize(3);
        TurnFact.TurnCompleted end = (TurnFact.TurnCompleted) turn.log.last();
        assertThat(end.content().message().text()).isEqualTo("There is A.");
        assertThat(end.content().message().toolCalls()).isEmpty();
        assertThat(end.finishReason()).isEqualTo(FinishReason.STOP);
        assertThat(end.content().usage().inputTokens()).contains(30L);
        assertThat(turn.log.of(TurnFact.TurnUsage.class))
                .extracting(TurnFact.TurnUsage::call)
                .containsExactly(1, 2);
    }

    @Test
    void noCallIsExecutedBeforeTheLogHasIt() throws Exception {
        turn.tools = (request, _) -> {
            List<TurnFact> log = turn.log.acknowledged();
            assertThat(log).hasAtLeastOneElementOfType(ToolCallsRequested.class);
            assertThat(log)
                    .anyMatch(it -> it instanceof ToolExecutionStarted started
                            && started.idempotencyKey().equals(request.idempotencyKey()));
            return CallResult.succeeded("fine");
        };

        turn.execute(
                calls(one("act", "url", "http://example.org/a"), one("act", "url", "http://example.org/b")),
                says("Done."));

        assertThat(completed()).extracting(ToolExecutionCompleted::outcome).containsOnly(ToolOutcome.SUCCEEDED);
    }

    @Test
    void callsOfOneRoundRunTogetherAndTheirResultsStandInTheirOrder() throws Exception {
        CountDownLatch together = new CountDownLatch(3);
        turn.tools = (request, _) -> {
            together.countDown();
            try {
                together.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return CallResult.succeeded(request.argument());
        };

        turn.execute(
                calls(
                        one("get", "url", "http://example.org/a"),
                        one("look_up", "query", "b"),
                        one("get", "url", "http://example.org/c")),
                says("Done."));

        assertThat(told()).containsExactly("http://example.org/a", "b", "http://example.org/c");
    }

    @Test
    void atMostEightCallsRunAtTheSameTime() throws Exception {
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        turn.tools = (_, stop) -> {
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            CountDownLatch moment = new CountDownLatch(1);
            stop.whenStopped(moment::countDown);
            try {
                boolean _ = moment.await(50, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            running.decrementAndGet();
            return CallResult.succeeded("fine");
        };
        String[] many = IntStream.range(0, 20)
                .mapToObj(it -> one("get", "url", "http://example.org/" + it))
                .toArray(String[]::new);

        turn.execute(calls(many), says("Done."));

        assertThat(most).hasValue(8);
        assertThat(completed()).hasSize(20);
    }

    @Test
    void whatIsWrongWithACallIsToldToTheModelAndNotExecuted() throws Exception {
        turn.execute(
                calls(one("nothing", "url", "x"), one("get", "uri", "http://example.org"), "{\"name\": \"get\"}"),
                says("Sorry."));

        assertThat(completed())
                .extracting(it -> it.code().orElseThrow(), ToolExecutionCompleted::outcome)
                .containsExactly(
                        tuple("unknown_tool", ToolOutcome.REFUSED),
                        tuple("invalid_arguments", ToolOutcome.FAILED),
                        tuple("invalid_arguments", ToolOutcome.FAILED));
        assertThat(told().getFirst()).contains("nothing", "act, get, look_up");
        assertThat(results()).allMatch(ModelMessage.ToolResult::error);
        assertThat(turn.executed).isEmpty();
        assertThat(turn.log.of(ToolExecutionStarted.class)).isEmpty();
        assertThat(turn.log.last()).isInstanceOf(TurnFact.TurnCompleted.class);
    }

    @Test
    void aFailureOfAToolIsToldAndFailsNoTurn() throws Exception {
        turn.tools = (_, _) -> CallResult.failed("http_status", "The host answered with the status 500.");

        turn.execute(call("get", "url", "http://example.org"), says("It does not answer."));

        assertThat(completed().getFirst().outcome()).isEqualTo(ToolOutcome.FAILED);
        assertThat(completed().getFirst().code()).contains("http_status");
        assertThat(results().getFirst().error()).isTrue();
        assertThat(turn.log.last()).isInstanceOf(TurnFact.TurnCompleted.class);
    }

    @Test
    void aCallThatTakesTooLongIsEnded() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        turn.use = new ToolUse(List.of(ToolTurns.GET), 3, 3, Duration.ofMillis(100), 1000);
        turn.tools = (_, stop) -> {
            stop.whenStopped(ended::countDown);
            try {
                ended.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return CallResult.succeeded("too late");
        };

        turn.execute(call("get", "url", "http://example.org"), says("It is slow."));

        assertThat(completed().getFirst().code()).contains("timeout");
        assertThat(told().getFirst()).contains("100 ms");
    }

    @Test
    void aLongResultIsCutOff() throws Exception {
        turn.use = new ToolUse(List.of(ToolTurns.GET), 3, 3, Duration.ofSeconds(10), 1000);
        turn.tools = (_, _) -> CallResult.succeeded("ä".repeat(5_000));

        turn.execute(call("get", "url", "http://example.org"), says("Long."));

        assertThat(completed().getFirst().resultBytes()).isEqualTo(10_000);
        assertThat(told().getFirst()).startsWith("ä".repeat(500)).endsWith("at least 10000 bytes.]");
    }

    @Test
    void moreCallsThanMayBeAreNotExecuted() throws Exception {
        turn.use = new ToolUse(List.of(ToolTurns.GET), 5, 2, Duration.ofSeconds(10), 1000);

        turn.execute(
                calls(
                        one("get", "url", "http://example.org/1"),
                        one("get", "url", "http://example.org/2"),
                        one("get", "url", "http://example.org/3")),
                call("get", "url", "http://example.org/4"),
                says("Enough."));

        assertThat(turn.executed).hasSize(2);
        assertThat(completed().stream().flatMap(it -> it.code().stream()))
                .containsExactly("too_many_calls", "too_many_calls");
        assertThat(told().getFirst()).doesNotContain("too_many");
        assertThat(turn.log.last()).isInstanceOf(TurnFact.TurnCompleted.class);
    }

    @Test
    void afterTheLastRoundTheModelIsAskedOnceMore() throws Exception {
        turn.use = new ToolUse(List.of(ToolTurns.GET), 1, 5, Duration.ofSeconds(10), 1000);

        turn.execute(call("get", "url", "http://example.org/1"), says("That is all."));

        assertThat(told().getLast()).contains("No calls of tools are left");
        assertThat(turn.log.last()).isInstanceOf(TurnFact.TurnCompleted.class);
    }

    @Test
    void aModelThatCallsToolsWithoutEndFailsItsTurn() throws Exception {
        turn.use = new ToolUse(List.of(ToolTurns.GET), 2, 5, Duration.ofSeconds(10), 1000);

        turn.execute(
                call("get", "url", "http://example.org/1"),
                call("get", "url", "http://example.org/2"),
                call("get", "url", "http://example.org/3"));

        assertThat(failure().code()).isEqualTo("tool_limit");
        assertThat(failure().details()).containsEntry("rounds", "2").containsEntry("calls", "2");
        assertThat(turn.executed).hasSize(2);
        assertThat(turn.log.of(TurnFact.TurnUsage.class)).hasSize(3);
    }

    @Test
    void callsInACircleAreToldOfAndThenEndTheTurn() throws Exception {
        String same = call("get", "url", "http://example.org/1");

        turn.execute(same, same, same, same, same, says("never said"));

        assertThat(completed().stream().map(it -> it.warning().isPresent()))
                .containsExactly(false, false, true, true, true);
        assertThat(failure().code()).isEqualTo("tool_loop");
        assertThat(failure().details()).containsEntry("rounds", "1,2,3,4,5");
        assertThat(told().getLast()).contains("the turn ends if this goes on");
    }

    @Test
    void aModelThatCannotCallToolsIsNotAsked() throws Exception {
        turn.close();
        turn = new ToolTurns(mute());
        turn.provider = "mute";

        turn.execute(says("never said"));

        assertThat(failure().code()).isEqualTo("tools_unsupported");
        assertThat(failure().recoverable()).isFalse();
        assertThat(turn.asked).isEmpty();
    }

    private static ProviderDefinition mute() {
        return scripted("mute", model("m", 100_000, Set.of(Capability.STREAMING)));
    }

    private static ProviderDefinition scripted(String id, ModelDefinition model) {
        return new ProviderDefinition(
                id,
                ProviderFamily.SCRIPTED,
                OpenAiApi.CHAT,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(model),
                Optional.of(model.id()));
    }

    private static ModelDefinition model(String id, int window, Set<Capability> capabilities) {
        return new ModelDefinition(id, window, Math.min(window, 1_000), GenerationSettings.unset(), capabilities);
    }

    @Test
    void resultsThatNoWindowHoldsFailTheTurn() throws Exception {
        turn.close();
        turn = new ToolTurns(scripted("small", model("m", 4_000, Set.of(Capability.STREAMING, Capability.TOOLS))));
        turn.provider = "small";
        turn.tools = (_, _) -> CallResult.succeeded("x".repeat(15_000));

        turn.execute(call("get", "url", "http://example.org"), says("never said"));

        assertThat(failure().code()).isEqualTo("context_overflow");
        assertThat(failure().message()).contains("results of its tools");
        assertThat(turn.asked).hasSize(1);
    }

    @Test
    void anAnswerThatWasCutOffBehindItsCallsIsARound() throws Exception {
        String whole = call("get", "url", "http://example.org")
                .replace("{\"text\"", "{\"finish_reason\": \"length\", \"text\"");

        turn.execute(whole, says("Done."));

        assertThat(turn.executed).hasSize(1);
        assertThat(turn.log.last()).isInstanceOf(TurnFact.TurnCompleted.class);
    }

    @Test
    void aCancelEndsRunningCallsAndTheTurn() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        turn.tools = (_, stop) -> waitForStop(stop, ended);
        CompletableFuture<Void> running = start();
        await().until(() -> !turn.executed.isEmpty());

        turn.stop.stop(StopReason.CANCELED);
        running.join();

        assertThat(ended.getCount()).isZero();
        assertThat(failure().isCancel()).isTrue();
        assertThat(completed()).isEmpty();
        assertThat(turn.asked).hasSize(1);
    }

    @Test
    void aShutdownGivesTheTurnBack() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        turn.tools = (_, stop) -> waitForStop(stop, ended);
        CompletableFuture<Void> running = start();
        await().until(() -> !turn.executed.isEmpty());

        turn.stop.stop(StopReason.SHUTDOWN);
        running.join();

        assertThat(ended.getCount()).isZero();
        assertThat(turn.log.hasEnded()).isFalse();
        assertThat(completed()).isEmpty();
    }

    private static CallResult waitForStop(StopSignal stop, CountDownLatch ended) {
        stop.whenStopped(ended::countDown);
        try {
            ended.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return CallResult.failed("stopped", "It was ended.");
    }

    private CompletableFuture<Void> start() {
        return CompletableFuture.runAsync(() -> {
            try {
                turn.execute(call("get", "url", "http://example.org"), says("never said"));
            } catch (AttemptLost e) {
                throw new IllegalStateException(e);
            }
        });
    }

    @Test
    void troubleOfTheLogGivesTheTurnBack() {
        turn.tools = (_, _) -> {
            throw new TimeoutException("for a test");
        };

        assertThatThrownBy(() -> turn.execute(call("look_up", "query", "x"), says("never said")))
                .isInstanceOf(TimeoutException.class);
        assertThat(turn.log.hasEnded()).isFalse();
    }

    @Test
    void whatRunsBesideACallThatGivesTheTurnBackIsRecordedFirst() {
        CountDownLatch failed = new CountDownLatch(1);
        turn.tools = (request, stop) -> {
            if (request.tool().equals(ToolTurns.SEARCH)) {
                failed.countDown();
                throw new TimeoutException("for a test");
            }
            stop.whenStopped(failed::countDown);
            try {
                failed.await();
                boolean _ = new CountDownLatch(1).await(200, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return CallResult.succeeded(stop.reason().isPresent() ? "ended" : "done");
        };

        assertThatThrownBy(() -> turn.execute(
                        calls(one("look_up", "query", "x"), one("act", "url", "http://example.org")),
                        says("never said")))
                .isInstanceOf(TimeoutException.class);
        assertThat(completed()).extracting(ToolExecutionCompleted::result).containsExactly("done");
    }

    @Test
    void aRecordedRoundIsSaidAgainAndNobodyIsAskedForIt() throws Exception {
        turn.log.losingAfter(ToolExecutionCompleted.class);
        assertThatThrownBy(() -> turn.execute(round("one"), says("never said"))).isInstanceOf(AttemptLost.class);
        turn.lose(Integer.MAX_VALUE);

        turn.execute(round("two"), says("There is A."));

        assertThat(turn.executed).hasSize(1);
        assertThat(turn.asked).hasSize(1);
        ToolCallsRequested again = turn.log.of(ToolCallsRequested.class).getFirst();
        assertThat(again.repeated()).isTrue();
        assertThat(again.message().toolCalls().getFirst().arguments()).contains("/one");
        assertThat(turn.log.text()).isEqualTo("Let me see. There is A.");
        assertThat(completed().getFirst().repeated()).isTrue();
        assertThat(told()).containsExactly("result of http://example.org/one");
        assertThat(turn.log.of(TurnFact.TurnUsage.class))
                .extracting(TurnFact.TurnUsage::billing)
                .as("the round's call is part of what the answer cost")
                .containsExactly(Billing.BILLED, Billing.BILLED);
        assertThat(((TurnFact.TurnCompleted) turn.log.last()).content().usage().inputTokens())
                .contains(30L);
    }

    private static String round(String name) {
        return call("act", "url", "http://example.org/" + name);
    }

    @Test
    void aCallWhoseEndIsNotKnownIsExecutedAgainOnlyIfItMayBe() throws Exception {
        turn.log.losingAfter(ToolExecutionStarted.class);
        assertThatThrownBy(() -> turn.execute(round("one"))).isInstanceOf(AttemptLost.class);
        turn.lose(Integer.MAX_VALUE);

        turn.execute(round("two"), says("Nobody knows."));

        assertThat(turn.executed).hasSize(1);
        assertThat(completed().getFirst().outcome()).isEqualTo(ToolOutcome.UNKNOWN);
        assertThat(completed().getFirst().code()).contains("outcome_unknown");
        assertThat(completed().getFirst().repeated()).isFalse();
        assertThat(told().getFirst()).contains("Nobody knows whether");
    }

    @Test
    void anIdempotentCallIsExecutedAgainWithItsKey() throws Exception {
        turn.log.losingAfter(ToolExecutionStarted.class);
        String get = call("get", "url", "http://example.org/one");
        assertThatThrownBy(() -> turn.execute(get)).isInstanceOf(AttemptLost.class);
        turn.lose(Integer.MAX_VALUE);

        turn.execute(get, says("Done."));

        assertThat(turn.executed)
                .hasSize(2)
                .extracting(it -> it.idempotencyKey())
                .containsOnly(ToolTurns.KEY + "1/0");
        assertThat(turn.log.of(ToolExecutionStarted.class)).hasSize(1);
    }

    @Test
    void aCompleteAnswerAfterRoundsIsSaidAgainWithThem() throws Exception {
        turn.execute(round("one"), says("There is A."));
        turn.lose(turn.log.facts().size() - 1);

        turn.execute();

        assertThat(turn.asked).isEmpty();
        assertThat(turn.executed).hasSize(1);
        assertThat(turn.log.types())
                .containsSubsequence("tool.calls.requested", "tool.execution.completed", "turn.completed");
        assertThat(turn.log.text()).isEqualTo("Let me see. There is A.");
        assertThat(((TurnFact.TurnCompleted) turn.log.last()).content().usage().inputTokens())
                .contains(30L);
    }

    @Test
    void whatIsSaidAgainIsNoUsageOfALostCall() throws Exception {
        turn.log.losingAfter(ToolExecutionCompleted.class);
        assertThatThrownBy(() -> turn.execute(round("one"), says("never said"))).isInstanceOf(AttemptLost.class);
        turn.lose(Integer.MAX_VALUE);
        turn.log.losingAfter(TurnFact.ModelDelta.class);
        assertThatThrownBy(() -> turn.execute(says("never said"), says("never said")))
                .isInstanceOf(AttemptLost.class);
        assertThat(turn.log.types()).contains("model.delta").doesNotContain("tool.calls.requested");
        turn.lose(Integer.MAX_VALUE);

        turn.execute(says("never said"), says("Done."));

        assertThat(turn.log.of(TurnFact.TurnUsage.class))
                .extracting(TurnFact.TurnUsage::billing)
                .containsExactly(Billing.BILLED, Billing.BILLED);
    }

    private List<ToolExecutionCompleted> completed() {
        return turn.log.of(ToolExecutionCompleted.class);
    }

    private List<ModelMessage.ToolResult> results() {
        return turn.asked.getLast().messages().stream()
                .filter(ModelMessage.ToolResult.class::isInstance)
                .map(ModelMessage.ToolResult.class::cast)
                .toList();
    }

    private List<String> told() {
        return results().stream().map(ModelMessage.ToolResult::text).toList();
    }

    private TurnFailure failure() {
        return Stream.of(turn.log.last())
                .map(TurnFact.TurnFailed.class::cast)
                .findFirst()
                .orElseThrow()
                .failure();
    }
}
