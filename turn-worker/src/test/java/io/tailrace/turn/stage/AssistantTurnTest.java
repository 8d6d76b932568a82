package io.tailrace.turn.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tailrace.events.codec.EventCodec;
import io.tailrace.events.definition.RepositoryDefinition.Shape;
import io.tailrace.events.id.Attempt;
import io.tailrace.events.id.EventId;
import io.tailrace.events.id.RunId;
import io.tailrace.events.id.StageId;
import io.tailrace.events.id.TurnId;
import io.tailrace.events.id.WorkerId;
import io.tailrace.events.id.WorkspaceId;
import io.tailrace.events.kafka.KafkaRecords;
import io.tailrace.events.log.LogPosition;
import io.tailrace.events.log.Topic;
import io.tailrace.events.plan.AssistantPrompt;
import io.tailrace.events.plan.AssistantPrompt.Variable;
import io.tailrace.events.plan.ModelChoice;
import io.tailrace.events.plan.PromptStep;
import io.tailrace.events.plan.Retrieval;
import io.tailrace.events.plan.ReusedAnswer;
import io.tailrace.events.run.Usage;
import io.tailrace.events.stage.AssistantMessage;
import io.tailrace.events.stage.TurnEvent;
import io.tailrace.events.stage.TurnFact;
import io.tailrace.events.stage.TurnFact.FinishReason;
import io.tailrace.events.stage.TurnFact.Substitution;
import io.tailrace.events.stage.TurnFailure;
import io.tailrace.events.work.StepResult;
import io.tailrace.events.work.TurnRequest;
import io.tailrace.events.work.TurnSource;
import io.tailrace.turn.context.ContextBuilder;
import io.tailrace.turn.knowledge.Knowledge;
import io.tailrace.turn.knowledge.RefusedRetrievals;
import io.tailrace.turn.knowledge.Retrieved;
import io.tailrace.turn.provider.CallTimeouts;
import io.tailrace.turn.provider.Environment;
import io.tailrace.turn.provider.runtime.ProviderRuntime;
import io.tailrace.worker.attempt.AttemptLost;
import io.tailrace.worker.attempt.StopReason;
import io.tailrace.worker.attempt.StopSignal;
import io.tailrace.worker.result.LoggedResults;
import io.tailrace.worker.stage.StageRequest;
import io.tailrace.worker.testing.TestLog;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Prompts of assistants by the scripted provider; earlier answers lie on a real broker. */
@Timeout(60)
class AssistantTurnTest {
    private static final RunId RUN = RunId.of(UUID.randomUUID());
    private static final StageId EARLIER = StageId.of(RUN, 2);
    private static final StageId STAGE = StageId.of(RUN, 4);
    private static final StageId OTHER_RUNS = StageId.of(RunId.of(UUID.randomUUID()), 1);
    private static final ModelChoice SCRIPTED = new ModelChoice("scripted", Optional.empty());
    private static final Usage USED =
            new Usage(Optional.of(7L), Optional.empty(), Optional.of(3L), Optional.empty(), Optional.of(10L));
    private static final Retrieval HANDBOOK = new Retrieval(
            List.of(new Retrieval.Source(7, "handbook", 1, new Shape("english", Optional.empty(), 100), 12)),
            Retrieval.SearchType.KEYWORD,
            8,
            2000);
    private static final int PARTITION = 0;
    private static final int MAX_RECORD = 1024 * 1024;

    private final EventCodec codec = new EventCodec();
    private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(1);
    private final ProviderRuntime providers = new ProviderRuntime(List.of(), Environment.of(Map.of()));
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final SaidFacts said = new SaidFacts();
    private final StopSignal stop = new StopSignal();
    private Knowledge knowledge = (_, _, _, _, _) -> {
        throw new AssertionError("nothing is to be found");
    };
    private TestLog log;

    @BeforeEach
    void open() throws Exception {
        log = new TestLog();
    }

    @AfterEach
    void close() {
        log.close();
        timer.shutdownNow();
        providers.close();
    }

    @Test
    void variablesAreSubstitutedAndItIsSaid() throws Exception {
        StepResult outline = answered(EARLIER, "1. The moon ✓");

        execute(
                prompt(
                        "Write about {{topic}}: {{ outline }} \\{{topic}}",
                        Variable.input("topic", "tides"),
                        Variable.answer("outline")),
                outline);

        assertThat(said.types().stream().distinct())
                .containsExactly(
                        "turn.started",
                        "variables.substituted",
                        "context.built",
                        "turn.checkpointed",
                        "model.delta",
                        "turn.usage",
                        "turn.completed");
        assertThat(said.text()).contains("Write about tides: 1. The moon ✓ {{topic}}");
        assertThat(substitutions())
                .containsExactly(
                        new Substitution(
                                "topic",
                                Optional.of("tides"),
                                "0e714fd92f7538e3531b61c0eeb7f9c70e44475be7557df873b13df3af34225f",
                                5,
                                Optional.empty(),
                                Optional.empty()),
                        new Substitution(
                                "outline",
                                Optional.of("1. The moon ✓"),
                                "865fe996efac245e70d6b2f7c74047dfbf5aeb1992e70f5dc3b36d7bdef76f5e",
                                13,
                                Optional.of("outline"),
                                Optional.of(outline.position())));
    }

    @Test
    void whatLooksLikeAVariableInAValueIsNone() throws Exception {
        execute(prompt(
                "{{a}} {{b}}", Variable.input("a", "{{b}} \\{{b}} {{steps.x.text}}"), Variable.input("b", "{{a}}")));

        assertThat(said.text()).contains("{{b}} \\{{b}} {{steps.x.text}} {{a}}");
    }

    @Test
    void aLongValueIsNamedByItsLengthAndDigestAlone() throws Exception {
        String longest = "x".repeat(Substitution.MAX_VALUE);

        execute(prompt("{{a}}{{b}}", Variable.input("a", longest), Variable.input("b", longest + "x")));

        assertThat(substitutions().getFirst().value()).contains(longest);
        assertThat(substitutions().getLast().value()).isEmpty();
        assertThat(substitutions().getLast().length()).isEqualTo(Substitution.MAX_VALUE + 1);
        assertThat(substitutions().getLast().sha256()).hasSize(64);
    }

    @Test
    void noRecordIsLargerThanABrokerTakes() throws Exception {
        List<Variable> variables = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            variables.add(Variable.input("v".repeat(60) + i, "語".repeat(Substitution.MAX_VALUE)));
        }

        execute(prompt("Hello", variables.toArray(Variable[]::new)));

        assertThat(substitutions()).hasSize(200);
        assertThat(substitutions().subList(0, 70))
                .as("as many as an assistant has")
                .allMatch(it -> it.value().isPresent());
        TurnEvent event =
                event(STAGE, said.of(TurnFact.VariablesSubstituted.class).getFirst());
        assertThat(codec.encode(Topic.TURN_EVENTS, event)).hasSizeLessThan(MAX_RECORD);
    }

    @Test
    void nothingIsSaidOfVariablesThatAPromptDoesNotHave() throws Exception {
        execute(prompt("Hello {{steps.first.text"));

        assertThat(said.types()).doesNotContain("variables.substituted");
        assertThat(said.text()).contains("Hello {{steps.first.text");
    }

    @Test
    void aVariableThatTheStepDoesNotHaveFailsTheTurn() throws Exception {
        execute(prompt("{{topic}} {{other}}", Variable.input("topic", "tides")));

        assertThat(failure().code()).isEqualTo("unknown_variable");
        assertThat(failure().details()).containsEntry("variable", "other");
        assertNoCall();
    }

    @Test
    void anAnswerThatNobodyKnowsThePlaceOfFailsTheTurn() throws Exception {
        execute(prompt("{{outline}}", Variable.answer("outline")));

        assertThat(failure().code()).isEqualTo("result_unavailable");
        assertThat(failure().details()).containsEntry("step", "outline");
        assertThat(said.types()).containsExactly("turn.started", "turn.failed");
    }

    @Test
    void anAnswerOfAnotherStageIsNotBelieved() throws Exception {
        StepResult forged = new StepResult(
                "outline", StageId.of(RUN, 3), answered(EARLIER, "1.").position());

        execute(prompt("{{outline}}", Variable.answer("outline")), forged);

        assertThat(failure().code()).isEqualTo("result_unavailable");
        assertNoCall();
    }

    @Test
    void anAnswerIsUsedAgainWithoutAnyCallAndCostsNothing() throws Exception {
        ReusedAnswer reused = reusing(OTHER_RUNS, answered(OTHER_RUNS, "As before."));

        execute(prompt("{{topic}}", Variable.input("topic", "tides")).of(again(reused)));

        assertThat(said.types()).containsExactly("turn.started", "answer.reused", "turn.completed");
        assertThat(said.of(TurnFact.AnswerReused.class).getFirst().answer()).isEqualTo(reused);
        TurnFact.TurnCompleted completed = (TurnFact.TurnCompleted) said.last();
        assertThat(completed.finishReason()).isEqualTo(FinishReason.LENGTH);
        assertThat(completed.content().turnId()).isEqualTo(TurnId.of(STAGE));
        assertThat(completed.content().message().text()).isEqualTo("As before.");
        assertThat(completed.content().provider()).isEqualTo("earlier-provider");
        assertThat(completed.content().model()).isEqualTo("earlier-model");
        assertThat(completed.content().usage()).isEqualTo(Usage.NONE);
        assertNoCall();
    }

    @Test
    void aReusedAnswerNeedsNoProviderAnyMore() throws Exception {
        ReusedAnswer reused = reusing(OTHER_RUNS, answered(OTHER_RUNS, "As before."));

        execute(PromptStep.of("Hello", new ModelChoice("gone", Optional.of("model")))
                .of(again(reused)));

        assertThat(said.last()).isInstanceOf(TurnFact.TurnCompleted.class);
    }

    @Test
    void aReusedAnswerThatIsAnotherStagesFailsTheTurn() throws Exception {
        execute(PromptStep.of("Hello", SCRIPTED).of(again(reusing(EARLIER, answered(OTHER_RUNS, "Not yours.")))));

        assertThat(failure().code()).isEqualTo("result_unavailable");
        assertThat(failure().recoverable()).isTrue();
        assertThat(said.types()).containsExactly("turn.started", "turn.failed");
    }

    @Test
    void aReusedAnswerThatIsNoneFailsTheTurn() throws Exception {
        LogPosition started = append(EARLIER, new TurnFact.AttemptStarted(TurnId.of(EARLIER)));

        execute(PromptStep.of("Hello", SCRIPTED)
                .of(again(new ReusedAnswer(EARLIER, started, ReusedAnswer.Reason.CACHE))));

        assertThat(failure().code()).isEqualTo("result_unavailable");
    }

    @Test
    void aReusedAnswerThatTheLogHasNotOrInAnotherTopicFailsTheTurn() throws Exception {
        LogPosition beyond = new LogPosition(Topic.TURN_EVENTS, PARTITION, 1_000_000_000L);
        LogPosition elsewhere = new LogPosition(Topic.BUILD_EVENTS, PARTITION, 0);

        execute(PromptStep.of("Hello", SCRIPTED)
                .of(again(new ReusedAnswer(EARLIER, beyond, ReusedAnswer.Reason.RETRY))));
        assertThat(failure().code()).isEqualTo("result_unavailable");
        assertThat(failure().details()).containsEntry("position", beyond.toString());

        SaidFacts next = new SaidFacts();
        execute(
                next,
                PromptStep.of("Hello", SCRIPTED)
                        .of(again(new ReusedAnswer(EARLIER, elsewhere, ReusedAnswer.Reason.RETRY))));
        assertThat(next.types()).containsExactly("turn.started", "turn.failed");
    }

    @Test
    void aCanceledTurnTakesNoAnswerFromBefore() throws Exception {
        stop.stop(StopReason.CANCELED);

        execute(PromptStep.of("Hello", SCRIPTED).of(again(reusing(OTHER_RUNS, answered(OTHER_RUNS, "As before.")))));

        assertThat(failure().isCancel()).isTrue();
    }

    @Test
    void thePassagesStandInTheContextAndItIsSaid() throws Exception {
        List<String> questions = new ArrayList<>();
        List<Long> rooms = new ArrayList<>();
        knowledge = (workspace, retrieval, question, room, _) -> {
            assertThat(workspace).isEqualTo(new WorkspaceId("demo"));
            assertThat(retrieval).isEqualTo(HANDBOOK);
            questions.add(question);
            rooms.add(room);
            return Optional.of(new Retrieved(
                    new TurnFact.KnowledgeRetrieved(
                            List.of(new TurnFact.RetrievedChunk(7, "kettle", 3, 0, 0, 9, 0.5)), 1, 0.5, 9),
                    List.of("[1] Kettle: it boils")));
        };

        execute(prompt("How does {{what}} boil?", Variable.input("what", "a kettle"))
                .told(HANDBOOK));

        assertThat(said.types().stream().distinct())
                .containsSequence(
                        "turn.started",
                        "variables.substituted",
                        "knowledge.retrieval.started",
                        "knowledge.retrieved",
                        "context.built");
        assertThat(said.of(TurnFact.KnowledgeRetrievalStarted.class).getFirst())
                .isEqualTo(new TurnFact.KnowledgeRetrievalStarted(
                        List.of(new TurnFact.AskedRepository(7, "handbook", 12)), Retrieval.SearchType.KEYWORD));
        assertThat(questions).containsExactly("How does a kettle boil?");
        TurnFact.ContextBuilt built = said.of(TurnFact.ContextBuilt.class).getFirst();
        TurnFact.ContextShare share = built.parts().stream()
                .filter(it -> it.part() == TurnFact.ContextPart.KNOWLEDGE)
                .findFirst()
                .orElseThrow();
        assertThat(share.messages()).isEqualTo(1);
        assertThat(share.tokens()).isEqualTo(ContextBuilder.tokensOf("[1] Kettle: it boils".length()));
        assertThat(rooms)
                .as("what the question and the answer leave of the window")
                .allSatisfy(it -> assertThat(it)
                        .isPositive()
                        .isLessThan(
                                built.contextWindow() - ContextBuilder.tokensOf("How does a kettle boil?".length())));
    }

    @Test
    void aRetrievalThatIsRefusedFailsTheTurn() throws Exception {
        knowledge = (_, _, _, _, _) -> {
            throw RefusedRetrievals.unknownModel();
        };

        execute(prompt("Hello").told(HANDBOOK));

        assertThat(failure().code()).isEqualTo("embedding_model_unknown");
        assertThat(said.types()).containsExactly("turn.started", "knowledge.retrieval.started", "turn.failed");
        assertNoCall();
    }

    @Test
    void aLogThatCannotBeReadInTimeIsNoEndOfTheTurn() {
        knowledge = (_, _, _, _, _) -> {
            throw new TimeoutException("not in time");
        };

        assertThatThrownBy(() -> execute(prompt("Hello").told(HANDBOOK))).isInstanceOf(KafkaException.class);
        assertThat(said.hasEnded()).isFalse();
    }

    @Test
    void aCancelDuringTheRetrievalEndsTheTurn() throws Exception {
        knowledge = (_, _, _, _, signal) -> {
            signal.stop(StopReason.CANCELED);
            return Optional.empty();
        };

        execute(prompt("Hello").told(HANDBOOK));

        assertThat(failure().isCancel()).isTrue();
        assertThat(said.text()).isEmpty();
    }

    @Test
    void aShutdownDuringTheRetrievalGivesTheTurnBack() throws Exception {
        knowledge = (_, _, _, _, signal) -> {
            signal.stop(StopReason.SHUTDOWN);
            return Optional.empty();
        };

        execute(prompt("Hello").told(HANDBOOK));

        assertThat(said.hasEnded()).isFalse();
    }

    private void assertNoCall() {
        assertThat(said.hasEnded()).isTrue();
        assertThat(registry.find("tailrace.turns.provider.calls").counter()).isNull();
    }

    private TurnFailure failure() {
        return ((TurnFact.TurnFailed) said.last()).failure();
    }

    private List<Substitution> substitutions() {
        return said.of(TurnFact.VariablesSubstituted.class).getFirst().variables();
    }

    private static PromptStep prompt(String text, Variable... variables) {
        return PromptStep.of(text, SCRIPTED)
                .of(new AssistantPrompt(10, List.of(variables), Optional.empty(), Optional.empty()));
    }

    private static AssistantPrompt again(ReusedAnswer reused) {
        return new AssistantPrompt(10, List.of(Variable.answer("outline")), Optional.of(reused), Optional.empty());
    }

    private static ReusedAnswer reusing(StageId stage, StepResult result) {
        return new ReusedAnswer(stage, result.position(), ReusedAnswer.Reason.RETRY);
    }

    /** The result of the step "outline". */
    private StepResult answered(StageId stage, String answer) throws Exception {
        TurnFact.TurnContent content = new TurnFact.TurnContent(
                TurnId.of(stage),
                "What is it about?",
                new AssistantMessage(answer, Optional.empty(), List.of()),
                "earlier-provider",
                "earlier-model",
                USED,
                Duration.ZERO,
                Optional.empty(),
                Optional.empty());
        return new StepResult(
                "outline", stage, append(stage, new TurnFact.TurnCompleted(content, FinishReason.LENGTH)));
    }

    private static TurnEvent event(StageId stage, TurnFact fact) {
        return TurnEvent.ofAttempt(
                EventId.of(UUID.randomUUID()), stage, Attempt.FIRST, 2, new WorkerId("worker"), Instant.EPOCH, fact);
    }

    private LogPosition append(StageId stage, TurnFact fact) throws Exception {
        return log.write(new KafkaRecords(codec).stageEvent(PARTITION, event(stage, fact)));
    }

    private void execute(PromptStep step, StepResult... results) throws AttemptLost {
        execute(said, step, results);
    }

    private void execute(SaidFacts into, PromptStep step, StepResult... results) throws AttemptLost {
        LogPosition chapterFrom = new LogPosition(Topic.TURN_EVENTS, PARTITION, 0);
        TurnRequest request = TurnRequest.of(
                RUN,
                STAGE,
                Attempt.FIRST,
                new WorkspaceId("demo"),
                TurnId.of(STAGE),
                new TurnSource.PlanPrompt(step, List.of(results)),
                chapterFrom,
                Instant.EPOCH);
        new TurnExecutor(
                        new KafkaTurnLog(log.reader(), codec),
                        new LoggedResults(log.reader(), codec),
                        knowledge,
                        Caches.none(),
                        (_, _) -> {
                            throw new AssertionError("no tool is to be called");
                        },
                        providers.registry(),
                        new TurnSettings(Duration.ofMillis(1), CallTimeouts.defaults(), 50, 200, 4096),
                        timer,
                        System::nanoTime,
                        new TurnMetrics(registry))
                .execute(new StageRequest<>(STAGE, Attempt.FIRST, chapterFrom, request), into, stop);
    }
}
