package io.tailrace.turn.stage;

import static io.tailrace.turn.stage.ToolTurns.built;
import static io.tailrace.turn.stage.ToolTurns.call;
import static io.tailrace.turn.stage.ToolTurns.calls;
import static io.tailrace.turn.stage.ToolTurns.one;
import static io.tailrace.turn.stage.ToolTurns.says;
import static io.tailrace.turn.stage.ToolTurns.word;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.tailrace.events.id.StageId;
import io.tailrace.events.id.TurnId;
import io.tailrace.events.log.LogPosition;
import io.tailrace.events.log.Topic;
import io.tailrace.events.plan.AssistantPrompt;
import io.tailrace.events.plan.Tool;
import io.tailrace.events.plan.ToolUse;
import io.tailrace.events.run.ApprovalDecision;
import io.tailrace.events.run.Outcome;
import io.tailrace.events.stage.TurnFact;
import io.tailrace.events.stage.TurnFact.Billing;
import io.tailrace.events.stage.TurnFact.ToolCallsRequested;
import io.tailrace.events.stage.TurnFact.ToolExecutionCompleted;
import io.tailrace.events.stage.TurnFact.ToolExecutionStarted;
import io.tailrace.events.stage.TurnFact.ToolOutcome;
import io.tailrace.events.stage.TurnFact.TurnContinued;
import io.tailrace.events.stage.TurnFact.TurnPaused;
import io.tailrace.events.work.Continuation.BuildAnswer;
import io.tailrace.events.work.Continuation.CallAnswer;
import io.tailrace.turn.knowledge.Retrieved;
import io.tailrace.turn.provider.ModelMessage;
import io.tailrace.turn.tool.CallResult;
import io.tailrace.turn.tool.ToolRequest;
import io.tailrace.worker.attempt.AttemptLost;
import io.tailrace.worker.attempt.StopReason;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Prompts whose tools wait for a person or for a build. */
@Timeout(60)
class PausedTurnTest {
    private static final String A = "http://example.org/a";
    private static final StageId BUILT_BY = StageId.of(ToolTurns.STAGE.run(), 2);

    private final ToolTurns turn = new ToolTurns();

    @BeforeEach
    void waitingTools() {
        turn.use = ToolUse.of(List.of(ToolTurns.ACT, ToolTurns.GET, ToolTurns.ASK, ToolTurns.BUILD));
    }

    @AfterEach
    void close() {
        turn.close();
    }

    @Test
    void aStageEndsWhenItsCallsWaitAndAllOthersHaveEnded() throws Exception {
        turn.execute(calls(one("ask", "url", A), one("get", "url", A), one("build", "url", "x"), one("none", "x", "")));

        assertThat(turn.executed).extracting(it -> it.tool().name()).containsExactly("get");
        assertThat(turn.log.of(ToolExecutionCompleted.class))
                .extracting(it -> it.call().tool())
                .containsExactlyInAnyOrder("get", "none");
        TurnPaused paused = (TurnPaused) turn.log.last();
        assertThat(paused.round()).isEqualTo(1);
        assertThat(paused.calls())
                .extracting(
                        it -> it.call().round(),
                        it -> it.call().index(),
                        it -> it.call().tool(),
                        it -> it.arguments())
                .containsExactly(
                        tuple(1, 0, "ask", "{\"url\":\"" + A + "\"}"), tuple(1, 2, "build", "{\"url\":\"x\"}"));
        assertThat(paused.usage().inputTokens()).contains(10L);
        assertThat(turn.log.hasEnded()).isTrue();
        assertThat(turn.log.acknowledged()).hasSize(turn.log.facts().size() - 1);
    }

    @Test
    void nobodyIsAskedAboutACallThatCannotBeExecuted() throws Exception {
        turn.use = new ToolUse(turn.use.tools(), 10, 3, Duration.ofSeconds(5), 1_000);
        turn.execute(
                calls(
                        one("ask", "file", A),
                        one("build", "how", "x"),
                        "{\"name\": \"build\", \"arguments\": {\"url\": 7}}",
                        one("ask", "url", A)),
                says("Well."));

        assertThat(turn.log.last()).isInstanceOf(TurnFact.TurnCompleted.class);
        assertThat(turn.executed).isEmpty();
        assertThat(turn.log.of(ToolExecutionCompleted.class))
                .extracting(it -> it.code().orElseThrow())
                .containsExactly("invalid_arguments", "invalid_arguments", "invalid_arguments", "too_many_calls");
    }

    @Test
    void nobodyIsAskedByATurnThatIsCanceled() throws Exception {
        turn.tools = (_, _) -> {
            turn.stop.stop(StopReason.CANCELED);
            return CallResult.succeeded("late");
        };
        turn.execute(calls(one("get", "url", A), one("ask", "url", A)));

        assertThat(failure()).isEqualTo("canceled");
    }

    @Test
    void nobodyIsAskedByATurnThatFailsAnyway() throws Exception {
        String[] script = new String[9];
        for (int i = 0; i < script.length; i++) {
            script[i] = calls(one("get", "url", A), one("ask", "url", A + i));
        }
        turn.execute(script);
        for (int round = 1; round <= 4; round++) {
            assertThat(turn.log.last()).isInstanceOf(TurnPaused.class);
            turn.goOn(word(round, 1, ApprovalDecision.APPROVED));
            turn.execute(script);
        }

        assertThat(failure()).isEqualTo("tool_loop");
    }

    @Test
    void anAllowedCallIsExecutedByTheStageThatGoesOn() throws Exception {
        String script = calls(one("get", "url", A), one("ask", "url", A));
        turn.execute(script, says("Done."));
        turn.goOn(word(1, 1, ApprovalDecision.APPROVED));
        turn.execute(script, says("Done."));

        assertThat(turn.executed).extracting(it -> it.tool().name()).containsExactly("get", "ask");
        assertThat(turn.executed.getLast().idempotencyKey()).isEqualTo(ToolTurns.KEY + "1/1");
        assertThat(turn.log.types().stream().distinct())
                .containsExactly(
                        "turn.continued",
                        "turn.checkpointed",
                        "tool.execution.started",
                        "tool.execution.completed",
                        "model.delta",
                        "turn.usage",
                        "turn.completed");
        TurnContinued continued = turn.log.of(TurnContinued.class).getFirst();
        assertThat(continued.rounds()).isEqualTo(1);
        assertThat(continued.turnId()).isEqualTo(TurnId.of(ToolTurns.STAGE));
        assertThat(turn.log.of(ToolExecutionCompleted.class))
                .singleElement()
                .satisfies(it -> assertThat(it.repeated()).isFalse())
                .satisfies(it -> assertThat(it.call().index()).isEqualTo(1));
        assertThat(turn.log.text()).isEqualTo("Done.");
        assertThat(told()).containsExactly("result of " + A, "result of " + A);
        TurnFact.TurnCompleted end = (TurnFact.TurnCompleted) turn.log.last();
        assertThat(end.content().usage().inputTokens()).contains(20L);
        assertThat(end.content().turnId()).isEqualTo(continued.turnId());
    }

    @Test
    void theModelIsToldWhyACallIsNotAllowed() throws Exception {
        String script = calls(one("ask", "url", A + 1), one("ask", "url", A + 2), one("ask", "url", A + 3));
        turn.execute(script, says("A pity."));
        turn.goOn(
                new CallAnswer(1, 0, Optional.of(ApprovalDecision.DENIED), Optional.of("Too dear."), Optional.empty()),
                word(1, 1, ApprovalDecision.EXPIRED),
                word(2, 2, ApprovalDecision.APPROVED));
        turn.execute(script, says("A pity."));

        assertThat(turn.executed).isEmpty();
        assertThat(turn.log.of(ToolExecutionCompleted.class))
                .extracting(ToolExecutionCompleted::outcome, it -> it.code().orElseThrow())
                .containsExactly(
                        tuple(ToolOutcome.REFUSED, "denied"),
                        tuple(ToolOutcome.REFUSED, "approval_expired"),
                        tuple(ToolOutcome.REFUSED, "not_answered"));
        assertThat(told().getFirst()).contains("did not allow", "Too dear.");
        assertThat(turn.log.of(ToolExecutionStarted.class)).isEmpty();
        assertThat(turn.log.last()).isInstanceOf(TurnFact.TurnCompleted.class);
    }

    @Test
    void nothingThatNeedsAWordIsExecutedWithoutIt() throws Exception {
        turn.execute(call("ask", "url", A), says("A pity."));
        turn.turns.outputs.put(BUILT_BY, new BuildOutput(1_000));
        turn.goOn(built(1, 0, BUILT_BY, Outcome.SUCCEEDED));
        turn.execute(call("ask", "url", A), says("A pity."));

        assertThat(turn.executed).isEmpty();
        assertThat(codes()).containsExactly("not_answered");
    }

    @ParameterizedTest
    @CsvSource({"SUCCEEDED, SUCCEEDED, ''", "FAILED, FAILED, build_failed", "CANCELED, FAILED, build_canceled"})
    void theModelIsToldHowABuildEnded(Outcome outcome, ToolOutcome told, String code) throws Exception {
        turn.execute(call("build", "url", "x"), says("So."));
        turn.turns.outputs.put(BUILT_BY, BuildOutputTest.output(1_000, "one", "two"));
        turn.goOn(built(1, 0, BUILT_BY, outcome));
        turn.execute(call("build", "url", "x"), says("So."));

        assertThat(turn.executed).isEmpty();
        ToolExecutionCompleted ended = turn.log.of(ToolExecutionCompleted.class).getFirst();
        assertThat(ended.outcome()).isEqualTo(told);
        assertThat(ended.code().orElse("")).isEqualTo(code);
        assertThat(ended.result()).endsWith("one\ntwo\n");
        assertThat(ended.duration()).isEqualTo(Duration.ofSeconds(7));
        assertThat(told()).containsExactly(ended.result());
    }

    @Test
    void theModelIsToldThatABuildIsLost() throws Exception {
        turn.execute(call("build", "url", "x"), says("So."));
        turn.goOn(built(1, 0, BUILT_BY, Outcome.SUCCEEDED));
        turn.execute(call("build", "url", "x"), says("So."));

        assertThat(codes()).containsExactly("result_lost");
    }

    @Test
    void aTurnMayWaitMoreThanOnce() throws Exception {
        String[] script = {
            call("ask", "url", A + 1), calls(one("ask", "url", A + 2), one("get", "url", A)), says("Done.")
        };
        turn.execute(script);
        turn.goOn(word(1, 0, ApprovalDecision.APPROVED));
        turn.execute(script);
        assertThat(turn.log.last()).isInstanceOf(TurnPaused.class);
        assertThat(((TurnPaused) turn.log.last()).round()).isEqualTo(2);
        assertThat(((TurnPaused) turn.log.last()).usage().inputTokens()).contains(10L);
        turn.goOn(word(2, 0, ApprovalDecision.APPROVED));
        turn.execute(script);

        assertThat(turn.log.of(TurnContinued.class).getFirst().rounds()).isEqualTo(2);
        assertThat(turn.executed)
                .extracting(ToolRequest::idempotencyKey)
                .containsExactly(ToolTurns.KEY + "1/0", ToolTurns.KEY + "2/1", ToolTurns.KEY + "2/0");
        assertThat(turn.log.of(ToolCallsRequested.class)).isEmpty();
        assertThat(turn.log.of(ToolExecutionCompleted.class)).hasSize(1);
        assertThat(told()).containsExactly("result of " + A + 1, "result of " + A + 2, "result of " + A);
    }

    @Test
    void withoutTheRoundsBeforeTheTurnFailsAndNothingIsExecuted() throws Exception {
        turn.execute(call("ask", "url", A));
        turn.goOn(word(1, 0, ApprovalDecision.APPROVED));
        turn.turns.roundsLost = true;
        turn.execute(call("ask", "url", A), says("never said"));

        assertThat(failure()).isEqualTo("rounds_lost");
        assertThat(((TurnFact.TurnFailed) turn.log.last()).failure().recoverable())
                .isFalse();
        assertThat(turn.log.of(TurnContinued.class).getFirst().rounds()).isEqualTo(1);
        assertThat(turn.asked).isEmpty();
        assertThat(turn.executed).isEmpty();
    }

    @Test
    void anAllowedCallThatHadBegunIsNotExecutedAgain() throws Exception {
        turn.execute(call("ask", "url", A), says("Done."));
        turn.goOn(word(1, 0, ApprovalDecision.APPROVED));
        turn.log.losingAfter(ToolExecutionStarted.class);
        assertThatThrownBy(() -> turn.execute(call("ask", "url", A), says("Done.")))
                .isInstanceOf(AttemptLost.class);
        turn.lose(100);
        turn.executed.clear();
        turn.execute(call("ask", "url", A), says("Done."));

        assertThat(turn.executed).isEmpty();
        assertThat(codes()).containsExactly("outcome_unknown");
        assertThat(turn.log.types()).startsWith("turn.continued").doesNotContain("tool.calls.requested");
    }

    @Test
    void whatAnAttemptBeforeItRecordedIsSaidAgainAndWhatAStageBeforeItDidIsNot() throws Exception {
        String[] script = {
            calls(one("ask", "url", A + 1), one("get", "url", A)), call("get", "url", A + 2), says("Done.")
        };
        turn.execute(script);
        turn.goOn(word(1, 0, ApprovalDecision.APPROVED));
        turn.log.losingAfter(ToolCallsRequested.class);
        assertThatThrownBy(() -> turn.execute(script)).isInstanceOf(AttemptLost.class);
        turn.lose(100);
        turn.execute(script);

        assertThat(turn.executed).hasSize(3);
        assertThat(turn.log.of(ToolCallsRequested.class))
                .extracting(ToolCallsRequested::round, ToolCallsRequested::repeated)
                .containsExactly(tuple(2, true));
        assertThat(turn.log.of(ToolExecutionCompleted.class))
                .extracting(it -> it.call().round(), it -> it.call().index(), ToolExecutionCompleted::repeated)
                .containsExactly(tuple(1, 0, true), tuple(2, 0, false));
        assertThat(((TurnFact.TurnCompleted) turn.log.last()).content().usage().inputTokens())
                .contains(30L);
    }

    @Test
    void anAnswerThatIsCompleteIsNotAskedForAgain() throws Exception {
        turn.execute(call("ask", "url", A), says("Done."));
        turn.goOn(word(1, 0, ApprovalDecision.APPROVED));
        turn.execute(call("ask", "url", A), says("Done."));
        int all = turn.log.facts().size();
        turn.lose(all - 1);
        turn.execute(call("ask", "url", A), says("never said"));

        assertThat(turn.asked).isEmpty();
        assertThat(turn.executed).hasSize(1);
        assertThat(turn.log.types().stream().distinct())
                .containsExactly(
                        "turn.continued", "turn.usage", "tool.execution.completed", "model.delta", "turn.completed");
        assertThat(turn.log.of(ToolExecutionCompleted.class))
                .singleElement()
                .satisfies(it -> assertThat(it.repeated()).isTrue());
        assertThat(turn.log.text()).isEqualTo("Done.");
        assertThat(((TurnFact.TurnCompleted) turn.log.last()).content().usage().inputTokens())
                .contains(20L);
    }

    @Test
    void anAttemptThatWasLostIsAccountedForInItsOwnStage() throws Exception {
        turn.execute(call("ask", "url", A), says("Done."));
        turn.goOn(word(1, 0, ApprovalDecision.APPROVED));
        turn.log.losingAfter(TurnFact.ModelDelta.class);
        assertThatThrownBy(() -> turn.execute(call("ask", "url", A), says("Done.")))
                .isInstanceOf(AttemptLost.class);
        turn.lose(100);
        turn.execute(call("ask", "url", A), says("Done."));

        assertThat(turn.log.of(TurnFact.TurnUsage.class))
                .extracting(TurnFact.TurnUsage::billing, TurnFact.TurnUsage::estimated)
                .containsExactly(tuple(Billing.LOST_ATTEMPT, true), tuple(Billing.BILLED, false));
        assertThat(((TurnFact.TurnCompleted) turn.log.last()).content().usage().inputTokens())
                .contains(20L);
    }

    @Test
    void callsAreCountedOverAllStages() throws Exception {
        turn.use = new ToolUse(turn.use.tools(), 10, 2, Duration.ofSeconds(5), 1_000);
        String[] script = {calls(one("ask", "url", A), one("get", "url", A)), call("get", "url", A + 2), says("Done.")};
        turn.execute(script);
        turn.goOn(word(1, 0, ApprovalDecision.APPROVED));
        turn.execute(script);

        assertThat(turn.executed).hasSize(2);
        assertThat(told().get(1)).contains("No calls of tools are left");
        assertThat(codes()).containsExactly("too_many_calls");
    }

    @Test
    void roundsAreCountedOverAllStages() throws Exception {
        turn.use = new ToolUse(turn.use.tools(), 1, 20, Duration.ofSeconds(5), 1_000);
        String[] script = {call("ask", "url", A), call("get", "url", A)};
        turn.execute(script);
        turn.goOn(word(1, 0, ApprovalDecision.APPROVED));
        turn.execute(script);

        assertThat(failure()).isEqualTo("tool_limit");
        assertThat(turn.executed).hasSize(1);
    }

    @Test
    void circlesAreNoticedOverAllStages() throws Exception {
        String[] script = Stream.generate(() -> call("ask", "url", A)).limit(9).toArray(String[]::new);
        turn.execute(script);
        for (int round = 1; round <= 4; round++) {
            turn.goOn(word(round, 0, ApprovalDecision.DENIED));
            turn.execute(script);
            assertThat(turn.log.last()).isInstanceOf(TurnPaused.class);
        }
        turn.goOn(word(5, 0, ApprovalDecision.DENIED));
        turn.execute(script);

        assertThat(failure()).isEqualTo("tool_loop");
    }

    @Test
    void whatTheModelIsAskedWithIsSaidOnce() throws Exception {
        turn.question = "What is {{place}}?";
        turn.assistant = Optional.of(assistant(Optional.empty()));
        turn.retrieval = Optional.of(((Tool.RepositorySearch) ToolTurns.SEARCH).retrieval());
        turn.knowledge = (_, _, _, _, _) ->
                Optional.of(new Retrieved(new TurnFact.KnowledgeRetrieved(List.of(), 0, 0, 0), List.of("Known.")));
        turn.execute(call("ask", "url", A), says("Done."));
        assertThat(turn.log.types())
                .contains(
                        "variables.substituted", "knowledge.retrieval.started", "knowledge.retrieved", "context.built");
        List<ModelMessage> before = turn.asked.getFirst().messages();
        turn.goOn(word(1, 0, ApprovalDecision.DENIED));
        // A cache that fails when it is asked.
        turn.assistant = Optional.of(assistant(Optional.of(Duration.ofHours(1))));
        turn.execute(call("ask", "url", A), says("Done."));

        assertThat(turn.log.types())
                .doesNotContain(
                        "variables.substituted",
                        "knowledge.retrieval.started",
                        "knowledge.retrieved",
                        "context.built",
                        "answer.reused");
        assertThat(turn.asked.getLast().messages()).startsWith(before.toArray(ModelMessage[]::new));
        assertThat(turn.log.last()).isInstanceOf(TurnFact.TurnCompleted.class);
    }

    @Test
    void aTurnThatIsCanceledWhileItGoesOnEndsAsCanceled() throws Exception {
        turn.execute(call("ask", "url", A), says("never said"));
        turn.goOn(word(1, 0, ApprovalDecision.APPROVED));
        turn.stop.stop(StopReason.CANCELED);
        turn.execute(call("ask", "url", A), says("never said"));

        assertThat(failure()).isEqualTo("canceled");
        assertThat(turn.executed).isEmpty();
    }

    @Test
    void anAnswerThatIsGivenBackWhileABuildIsReadRecordsNoResult() throws Exception {
        turn.execute(call("build", "url", "x"), says("never said"));
        turn.goOn(new CallAnswer(
                1,
                0,
                Optional.empty(),
                Optional.empty(),
                Optional.of(new BuildAnswer(
                        BUILT_BY,
                        new LogPosition(Topic.BUILD_EVENTS, 0, 0),
                        1,
                        Outcome.SUCCEEDED,
                        Optional.empty(),
                        Optional.empty()))));
        turn.stop.stop(StopReason.SHUTDOWN);
        turn.execute(call("build", "url", "x"), says("never said"));

        assertThat(turn.log.of(ToolExecutionCompleted.class)).isEmpty();
        assertThat(turn.log.hasEnded()).isFalse();
    }

    private static AssistantPrompt assistant(Optional<Duration> cacheFor) {
        return new AssistantPrompt(
                7,
                List.of(new AssistantPrompt.Variable("place", Optional.of("here"), Optional.empty())),
                Optional.empty(),
                cacheFor);
    }

    private List<String> codes() {
        return turn.log.of(ToolExecutionCompleted.class).stream()
                .flatMap(it -> it.code().stream())
                .toList();
    }

    private List<String> told() {
        return turn.asked.getLast().messages().stream()
                .filter(ModelMessage.ToolResult.class::isInstance)
                .map(ModelMessage::text)
                .toList();
    }

    private String failure() {
        return ((TurnFact.TurnFailed) turn.log.last()).failure().code();
    }
}
