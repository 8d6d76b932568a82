package io.tailrace.turn.stage;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tailrace.events.id.Attempt;
import io.tailrace.events.id.RunId;
import io.tailrace.events.id.StageId;
import io.tailrace.events.id.TurnId;
import io.tailrace.events.id.WorkspaceId;
import io.tailrace.events.log.LogPosition;
import io.tailrace.events.log.Topic;
import io.tailrace.events.plan.AssistantPrompt;
import io.tailrace.events.plan.AssistantPrompt.Variable;
import io.tailrace.events.plan.Generation;
import io.tailrace.events.plan.ModelChoice;
import io.tailrace.events.plan.PromptStep;
import io.tailrace.events.plan.ReusedAnswer;
import io.tailrace.events.plan.Tool;
import io.tailrace.events.plan.ToolUse;
import io.tailrace.events.run.Usage;
import io.tailrace.events.stage.TurnFact;
import io.tailrace.events.stage.TurnFact.AnswerReused;
import io.tailrace.events.work.TurnRequest;
import io.tailrace.events.work.TurnSource;
import io.tailrace.turn.provider.CallTimeouts;
import io.tailrace.turn.provider.Environment;
import io.tailrace.turn.provider.runtime.ProviderRuntime;
import io.tailrace.turn.tool.CallResult;
import io.tailrace.worker.attempt.AttemptLost;
import io.tailrace.worker.attempt.StopReason;
import io.tailrace.worker.attempt.StopSignal;
import io.tailrace.worker.stage.StageRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Prompts that may take an answer of before, by the scripted provider. */
class CachedTurnTest {
    private static final WorkspaceId DEMO = new WorkspaceId("demo");
    private static final String TEN = "{\"text\": \"It is ten.\", \"usage\": {\"input\": 7, \"output\": 3}}";

    private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(1);
    private final ProviderRuntime providers = new ProviderRuntime(List.of(), Environment.of(Map.of()));
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Caches.Kept kept = new Caches.Kept();
    private final FakeTurnLog turns = new FakeTurnLog();
    private final StopSignal stop = new StopSignal();
    private int runs;

    @AfterEach
    void end() {
        timer.shutdownNow();
        providers.close();
    }

    @Test
    void theSameQuestionTakesTheAnswerByItsPositionAndCostsNothing() throws Exception {
        SaidFacts first = ask(DEMO, prompt());
        kept.now = kept.now.plusSeconds(60);
        SaidFacts second = ask(DEMO, prompt());

        TurnFact.TurnCompleted given = (TurnFact.TurnCompleted) first.last();
        assertThat(given.content().usage().totalTokens()).contains(10L);
        assertThat(second.types())
                .containsExactly(
                        "turn.started", "variables.substituted", "context.built", "answer.reused", "turn.completed");
        AnswerReused reused = second.of(AnswerReused.class).getFirst();
        assertThat(reused.answer().reason()).isEqualTo(ReusedAnswer.Reason.CACHE);
        assertThat(reused.answer().stage()).isEqualTo(stage(1));
        assertThat(reused.answer().position().offset()).isEqualTo(first.facts().size() - 1);
        TurnFact.TurnCompleted taken = (TurnFact.TurnCompleted) second.last();
        assertThat(taken.content().message()).isEqualTo(given.content().message());
        assertThat(taken.content().usage()).isEqualTo(Usage.NONE);
        assertThat(lookups("hit")).isOne();
        assertThat(lookups("miss")).isOne();
    }

    @Test
    void theTimeCountsFromTheAnswerThatTheModelGave() throws Exception {
        ask(DEMO, prompt());
        kept.now = kept.now.plus(Duration.ofMinutes(9));
        assertThat(isReused(ask(DEMO, prompt()))).isTrue();
        kept.now = kept.now.plus(Duration.ofMinutes(1));
        assertThat(isReused(ask(DEMO, prompt()))).isTrue();
        kept.now = kept.now.plusMillis(1);
        assertThat(isReused(ask(DEMO, prompt()))).isFalse();
        assertThat(isReused(ask(DEMO, prompt()))).isTrue();
        assertThat(kept.all).hasSize(2);
    }

    static Stream<Arguments> others() {
        return Stream.of(
                other("the text", it -> step("What time was it in {{place}}?", it)),
                other("the system text", it -> withSystem(it, Optional.of("Be long."))),
                other("no system text", it -> withSystem(it, Optional.empty())),
                other(
                        "the temperature",
                        it -> with(
                                it,
                                it.model(),
                                new Generation(Optional.empty(), Optional.of(700), Optional.empty(), List.of()),
                                it.script())),
                other(
                        "an end",
                        it -> with(
                                it,
                                it.model(),
                                new Generation(Optional.empty(), Optional.empty(), Optional.empty(), List.of("END")),
                                it.script())),
                other(
                        "the script",
                        it -> with(it, it.model(), it.generation(), Optional.of("{\"text\": \"It is eleven.\"}"))),
                other("a tool", it -> it.with(tools("clock"))),
                other(
                        "the value of a variable",
                        it -> it.of(new AssistantPrompt(
                                10,
                                List.of(Variable.input("place", "Rome")),
                                Optional.empty(),
                                Optional.of(Duration.ofMinutes(10))))));
    }

    private static Arguments other(String name, UnaryOperator<PromptStep> change) {
        return Arguments.of(name, change);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("others")
    void anotherQuestionAsksTheModel(String name, UnaryOperator<PromptStep> change) throws Exception {
        ask(DEMO, prompt());

        assertThat(isReused(ask(DEMO, change.apply(prompt())))).as(name).isFalse();
        assertThat(isReused(ask(DEMO, prompt()))).isTrue();
    }

    @Test
    void anAnswerAfterRoundsOfToolsIsKeptForTheSameTools() throws Exception {
        PromptStep looked = with(
                        prompt(),
                        prompt().model(),
                        Generation.DEFAULT,
                        Optional.of("{\"steps\": [{\"tool_calls\": [{\"name\": \"clock\", \"arguments\": {\"url\":"
                                + " \"http://example.org/\"}}]}, {\"text\": \"It is ten.\"}]}"))
                .with(tools("clock"));

        SaidFacts first = ask(DEMO, looked);
        SaidFacts second = ask(DEMO, looked);

        assertThat(first.of(TurnFact.ToolExecutionCompleted.class)).hasSize(1);
        assertThat(isReused(second)).isTrue();
        assertThat(second.of(TurnFact.ToolCallsRequested.class)).isEmpty();
        assertThat(((TurnFact.TurnCompleted) second.last()).content().message().text())
                .isEqualTo("It is ten.");
        assertThat(isReused(ask(DEMO, looked.with(tools("watch"))))).isFalse();
    }

    @Test
    void anotherWorkspaceIsToldNothing() throws Exception {
        ask(DEMO, prompt());

        assertThat(isReused(ask(new WorkspaceId("other"), prompt()))).isFalse();
    }

    @Test
    void namesOfPromptsAndHowLongTheyMayTakeAreNoPartOfTheQuestion() throws Exception {
        ask(DEMO, prompt());

        assertThat(isReused(ask(DEMO, prompt().named("second")))).isTrue();
    }

    @Test
    void aPromptWithoutACacheNeitherTakesNorLeavesAnswers() throws Exception {
        PromptStep plain = prompt().of(new AssistantPrompt(
                10, List.of(Variable.input("place", "Oslo")), Optional.empty(), Optional.empty()));

        ask(DEMO, plain);
        assertThat(kept.all).isEmpty();
        ask(DEMO, prompt());

        assertThat(isReused(ask(DEMO, plain))).isFalse();
    }

    @Test
    void anAnswerThatTheLogNoLongerHasIsAskedForAgain() throws Exception {
        ask(DEMO, prompt());
        turns.ends.clear();

        assertThat(isReused(ask(DEMO, prompt()))).isFalse();
        assertThat(isReused(ask(DEMO, prompt()))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"text\": \"It is\", \"finish_reason\": \"length\"}",
                "{\"text\": \"It is\", \"finish_reason\": \"content_filter\"}",
                "{\"text\": \"It is\", \"error\": {\"code\": \"rate_limited\"}}"
            })
    void whatIsNoWholeAnswerIsNotKept(String script) throws Exception {
        ask(DEMO, with(prompt(), prompt().model(), Generation.DEFAULT, Optional.of(script)));

        assertThat(kept.all).isEmpty();
    }

    @Test
    void aCanceledPromptIsCanceledAlthoughThereIsAnAnswer() throws Exception {
        ask(DEMO, prompt());
        stop.stop(StopReason.CANCELED);

        SaidFacts said = ask(DEMO, prompt());

        assertThat(isReused(said)).isFalse();
        assertThat(((TurnFact.TurnFailed) said.last()).failure().isCancel()).isTrue();
    }

    @Test
    void aPromptThatIsCanceledWhileItLooksForAnAnswerTakesNone() throws Exception {
        ask(DEMO, prompt());
        kept.whileWaiting = () -> stop.stop(StopReason.CANCELED);

        SaidFacts said = ask(DEMO, prompt());

        assertThat(isReused(said)).isFalse();
        assertThat(((TurnFact.TurnFailed) said.last()).failure().isCancel()).isTrue();
    }

    private static boolean isReused(SaidFacts said) {
        return !said.of(AnswerReused.class).isEmpty();
    }

    private double lookups(String result) {
        return registry.counter("tailrace.turns.answers.lookups", "result", result)
                .count();
    }

    private static ToolUse tools(String name) {
        return ToolUse.of(List.of(new Tool.HttpGet(name, Optional.empty(), List.of("example.org"), true)));
    }

    private static PromptStep prompt() {
        return step(
                "What time is it in {{place}}?",
                PromptStep.of("", new ModelChoice("scripted", Optional.empty()))
                        .of(new AssistantPrompt(
                                10,
                                List.of(Variable.input("place", "Oslo")),
                                Optional.empty(),
                                Optional.of(Duration.ofMinutes(10)))));
    }

    private static PromptStep step(String text, PromptStep of) {
        PromptStep step = new PromptStep(
                of.name(), text, of.model(), Optional.of("Be brief."), of.generation(), Optional.of(TEN), of.limits());
        return step.of(of.assistant().orElseThrow());
    }

    private static PromptStep withSystem(PromptStep it, Optional<String> system) {
        return new PromptStep(it.name(), it.text(), it.model(), system, it.generation(), it.script(), it.limits())
                .of(it.assistant().orElseThrow());
    }

    private static PromptStep with(PromptStep it, ModelChoice model, Generation generation, Optional<String> script) {
        return new PromptStep(it.name(), it.text(), model, it.system(), generation, script, it.limits())
                .of(it.assistant().orElseThrow());
    }

    private static StageId stage(int run) {
        return StageId.of(new RunId("r-run" + run), 1);
    }

    /** Each in a run of its own, whose end is in the log afterwards. */
    private SaidFacts ask(WorkspaceId workspace, PromptStep step) throws AttemptLost {
        StageId stage = stage(++runs);
        LogPosition chapter = new LogPosition(Topic.TURN_EVENTS, 0, 0);
        TurnRequest request = TurnRequest.of(
                new RunId("r-run" + runs),
                stage,
                Attempt.FIRST,
                workspace,
                TurnId.of(stage),
                new TurnSource.PlanPrompt(step, List.of()),
                chapter,
                Instant.EPOCH);
        SaidFacts said = new SaidFacts();
        new TurnExecutor(
                        turns,
                        (_, _) -> {
                            throw new AssertionError("there are no results");
                        },
                        (_, _, _, _, _) -> {
                            throw new AssertionError("nothing is to be found");
                        },
                        kept.cache(turns, registry),
                        (_, _) -> CallResult.succeeded("ten"),
                        providers.registry(),
                        new TurnSettings(Duration.ofMillis(1), CallTimeouts.defaults(), 50, 200, 4096),
                        timer,
                        System::nanoTime,
                        new TurnMetrics(registry))
                .execute(new StageRequest<>(stage, Attempt.FIRST, chapter, request), said, stop);
        if (said.last() instanceof TurnFact.TurnCompleted completed) {
            turns.ends.put(
                    new ReusedAnswer(
                            stage,
                            new LogPosition(Topic.TURN_EVENTS, 0, said.facts().size() - 1L),
                            ReusedAnswer.Reason.CACHE),
                    completed);
        }
        return said;
    }
}
