package io.tailrace.turn.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tailrace.events.codec.EventCodec;
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
import io.tailrace.events.plan.Generation;
import io.tailrace.events.plan.ModelChoice;
import io.tailrace.events.plan.PromptStep;
import io.tailrace.events.run.Usage;
import io.tailrace.events.stage.AssistantMessage;
import io.tailrace.events.stage.TurnEvent;
import io.tailrace.events.stage.TurnFact;
import io.tailrace.events.stage.TurnFact.Billing;
import io.tailrace.events.stage.TurnFact.ContextPart;
import io.tailrace.events.stage.TurnFact.FinishReason;
import io.tailrace.events.stage.TurnFailure;
import io.tailrace.events.work.StepResult;
import io.tailrace.events.work.TurnRequest;
import io.tailrace.events.work.TurnSource;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Prompts of plans by the scripted provider; the results of earlier steps lie on a real broker. */
@Timeout(60)
class PromptTurnTest {
    private static final RunId RUN = RunId.of(UUID.randomUUID());
    private static final StageId EARLIER = StageId.of(RUN, 2);
    private static final StageId STAGE = StageId.of(RUN, 4);
    private static final ModelChoice SCRIPTED = new ModelChoice("scripted", Optional.empty());
    private static final int PARTITION = 0;

    private final EventCodec codec = new EventCodec();
    private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(2);
    private final ProviderRuntime providers = new ProviderRuntime(List.of(), Environment.of(Map.of()));
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final SaidFacts said = new SaidFacts();
    private final StopSignal stop = new StopSignal();
    private Attempt attempt = Attempt.FIRST;
    private LogPosition chapterFrom = new LogPosition(Topic.TURN_EVENTS, PARTITION, 0);
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
    void theModelSeesTheResultsAndNoHistory() throws Exception {
        execute(prompt("Explain {{steps.first.text}}, and {{steps.first.text}} again."), answered("the error"));

        assertThat(said.types().stream().distinct())
                .containsExactly(
                        "turn.started",
                        "context.built",
                        "turn.checkpointed",
                        "model.delta",
                        "turn.usage",
                        "turn.completed");
        assertThat(said.text()).contains("Explain the error, and the error again.");
        assertThat(share(ContextPart.HISTORY).messages()).isZero();
        assertThat(share(ContextPart.USER_MESSAGE).tokens())
                .as("of the text with the results in it")
                .isEqualTo(4 + "Explain the error, and the error again.".length() / 4 + 1);
    }

    @Test
    void resultsAreNotCopiedIntoWhatIsSaidOfTheTurn() throws Exception {
        execute(prompt("Explain {{steps.first.text}}."), answered("the error"));

        String text = "Explain {{steps.first.text}}.";
        assertThat(said.of(TurnFact.TurnStarted.class).getFirst().text()).isEqualTo(text);
        assertThat(((TurnFact.TurnCompleted) said.last()).content().text()).isEqualTo(text);
    }

    @Test
    void theSystemTextMayReferToResultsToo() throws Exception {
        PromptStep step = new PromptStep(
                Optional.empty(),
                "Hello",
                SCRIPTED,
                Optional.of("You know: {{steps.first.text}}"),
                Generation.DEFAULT,
                Optional.empty(),
                Optional.empty());

        execute(step, answered("x".repeat(400)));

        assertThat(share(ContextPart.SYSTEM).tokens()).isBetween(100L, 120L);
    }

    @Test
    void whatLooksLikeAReferenceInAResultIsNone() throws Exception {
        execute(prompt("Explain {{steps.first.text}}"), answered("{{steps.first.text}} and {{steps.other.text}}"));

        assertThat(said.text()).contains("Explain {{steps.first.text}} and {{steps.other.text}}");
    }

    @Test
    void nothingIsAskedWhenAResultIsNotWhereItShouldBe() throws Exception {
        StepResult gone =
                new StepResult("first", EARLIER, new LogPosition(Topic.TURN_EVENTS, PARTITION, 1_000_000_000L));

        execute(prompt("Explain {{steps.first.text}}"), gone);

        assertFailedWithoutCall("result_unavailable");
        assertThat(failure().details()).containsKey("position");
    }

    @Test
    void nothingIsAskedWhenTheResultIsAnotherStages() throws Exception {
        StepResult other = new StepResult(
                "first", StageId.of(RUN, 3), answered("the error").position());

        execute(prompt("Explain {{steps.first.text}}"), other);

        assertFailedWithoutCall("result_unavailable");
    }

    @Test
    void nothingIsAskedWhenNobodySaysWhereTheResultLies() throws Exception {
        execute(prompt("Explain {{steps.first.text}}"));

        assertFailedWithoutCall("result_unavailable");
        assertThat(failure().message()).contains("first");
    }

    @Test
    void aPromptThatIsBlankWithItsResultsIsNotAsked() throws Exception {
        execute(prompt("{{steps.first.text}}"), answered(" "));

        assertFailedWithoutCall("blank_prompt");
    }

    @Test
    void aTextThatRefersToALargeResultThousandsOfTimesIsNotEvenMade() throws Exception {
        StepResult large =
                new StepResult("a", EARLIER, answered("x".repeat(600_000)).position());

        execute(prompt("{{steps.a.text}}".repeat(4_096)), large);

        assertFailedWithoutCall("context_overflow");
        assertThat(Long.parseLong(failure().details().get("tokens")))
                .as("of more characters than a text can have")
                .isEqualTo(4_096L * 600_000 / 4 + 4);
        assertThat(failure().message()).contains("earlier steps");
    }

    @Test
    void aResultThatTheWindowCannotHoldIsTheSameOverflow() throws Exception {
        execute(prompt("Explain {{steps.first.text}}"), answered("x".repeat(600_000)));

        assertFailedWithoutCall("context_overflow");
    }

    @Test
    void aCancelEndsThePrompt() throws Exception {
        PromptStep slow = scripted("{\"text\": [\"one \", \"two\"], \"pace_ms\": 30000}");
        Future<?> running = timer.submit(() -> {
            execute(slow);
            return true;
        });
        await().atMost(Duration.ofSeconds(20)).until(() -> said.types().contains("context.built"));

        stop.stop(StopReason.CANCELED);
        running.get(20, TimeUnit.SECONDS);

        assertThat(failure().isCancel()).isTrue();
    }

    @Test
    void aShutdownGivesThePromptBack() throws Exception {
        PromptStep slow = scripted("{\"text\": [\"one \", \"two\"], \"pace_ms\": 30000}");
        Future<?> running = timer.submit(() -> {
            execute(slow);
            return true;
        });
        await().atMost(Duration.ofSeconds(20)).until(() -> said.types().contains("context.built"));

        stop.stop(StopReason.SHUTDOWN);
        running.get(20, TimeUnit.SECONDS);

        assertThat(said.hasEnded()).isFalse();
    }

    @Test
    void theNextAttemptAsksAnewAndRecordsWhatWasLost() throws Exception {
        chapterFrom = append(STAGE, 1, new TurnFact.AttemptStarted(TurnId.of(STAGE)));
        append(STAGE, 2, new TurnFact.ContextBuilt(List.of(), 12, 1000));
        append(
                STAGE,
                3,
                new TurnFact.ModelDelta(
                        List.of(new TurnFact.Delta(TurnFact.DeltaKind.TEXT, "Good mor", Optional.empty()))));
        claimAgain();

        execute(scripted("{\"text\": \"Good morning.\", \"usage\": {\"input\": 7, \"output\": 3}}"));

        assertThat(said.text()).isEqualTo("Good morning.");
        assertThat(said.of(TurnFact.TurnUsage.class))
                .extracting(TurnFact.TurnUsage::billing)
                .containsExactly(Billing.LOST_ATTEMPT, Billing.BILLED);
    }

    @Test
    void aCompleteAnswerOfALostAttemptIsUsedThoughTheResultsAreGone() throws Exception {
        chapterFrom = append(STAGE, 1, new TurnFact.AttemptStarted(TurnId.of(STAGE)));
        append(
                STAGE,
                2,
                new TurnFact.TurnCheckpointed(
                        TurnId.of(STAGE), 1, answer("Good morning."), Optional.of(FinishReason.LENGTH), Usage.NONE));
        claimAgain();

        execute(prompt("Explain {{steps.first.text}}"));

        TurnFact.TurnCompleted completed = (TurnFact.TurnCompleted) said.last();
        assertThat(completed.content().message().text()).isEqualTo("Good morning.");
        assertThat(completed.finishReason()).isEqualTo(FinishReason.LENGTH);
    }

    private void assertFailedWithoutCall(String code) {
        assertThat(failure().code()).isEqualTo(code);
        assertThat(said.hasEnded()).isTrue();
        assertThat(said.types()).containsExactly("turn.started", "turn.failed");
        assertThat(registry.find("tailrace.turns.provider.calls").counter()).isNull();
    }

    private TurnFailure failure() {
        return ((TurnFact.TurnFailed) said.last()).failure();
    }

    private TurnFact.ContextShare share(ContextPart part) {
        return said.of(TurnFact.ContextBuilt.class).getFirst().parts().stream()
                .filter(it -> it.part() == part)
                .findFirst()
                .orElseThrow();
    }

    private static PromptStep prompt(String text) {
        return PromptStep.of(text, SCRIPTED);
    }

    private static PromptStep scripted(String script) {
        return new PromptStep(
                Optional.empty(),
                "Hello",
                SCRIPTED,
                Optional.empty(),
                Generation.DEFAULT,
                Optional.of(script),
                Optional.empty());
    }

    /** The result of the step "first". */
    private StepResult answered(String answer) throws Exception {
        LogPosition position = append(
                EARLIER,
                2,
                new TurnFact.TurnCompleted(
                        new TurnFact.TurnContent(
                                TurnId.of(EARLIER),
                                "What is wrong?",
                                answer(answer),
                                "scripted",
                                "scripted-1",
                                Usage.NONE,
                                Duration.ZERO,
                                Optional.empty(),
                                Optional.empty()),
                        FinishReason.STOP));
        return new StepResult("first", EARLIER, position);
    }

    private static AssistantMessage answer(String text) {
        return new AssistantMessage(text, Optional.empty(), List.of());
    }

    /** What follows is the second attempt's. */
    private void claimAgain() throws Exception {
        attempt = new Attempt(2);
        append(STAGE, 1, new TurnFact.AttemptStarted(TurnId.of(STAGE)));
    }

    private LogPosition append(StageId stage, long sequence, TurnFact fact) throws Exception {
        TurnEvent event = TurnEvent.ofAttempt(
                EventId.of(UUID.randomUUID()), stage, attempt, sequence, new WorkerId("worker"), Instant.now(), fact);
        return log.write(new KafkaRecords(codec).stageEvent(PARTITION, event));
    }

    private void execute(PromptStep step, StepResult... results) throws AttemptLost {
        TurnRequest request = TurnRequest.of(
                RUN,
                STAGE,
                attempt,
                new WorkspaceId("demo"),
                TurnId.of(STAGE),
                new TurnSource.PlanPrompt(step, List.of(results)),
                chapterFrom,
                Instant.EPOCH);
        new TurnExecutor(
                        new KafkaTurnLog(log.reader(), codec),
                        new LoggedResults(log.reader(), codec),
                        (_, _, _, _, _) -> {
                            throw new AssertionError("nothing is to be found");
                        },
                        Caches.none(),
                        (_, _) -> {
                            throw new AssertionError("no tool is to be called");
                        },
                        providers.registry(),
                        new TurnSettings(Duration.ofMillis(1), CallTimeouts.defaults(), 50, 200, 4096),
                        timer,
                        System::nanoTime,
                        new TurnMetrics(registry))
                .execute(new StageRequest<>(STAGE, attempt, chapterFrom, request), said, stop);
    }
}
