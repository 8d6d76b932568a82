package io.tailrace.turn.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tailrace.events.id.Attempt;
import io.tailrace.events.id.RunId;
import io.tailrace.events.id.StageId;
import io.tailrace.events.id.TurnId;
import io.tailrace.events.id.WorkspaceId;
import io.tailrace.events.log.LogPosition;
import io.tailrace.events.log.Topic;
import io.tailrace.events.plan.ChatPlan;
import io.tailrace.events.plan.Generation;
import io.tailrace.events.plan.ModelChoice;
import io.tailrace.events.plan.TurnInput;
import io.tailrace.events.plan.TurnPolicy;
import io.tailrace.events.run.Usage;
import io.tailrace.events.stage.AssistantMessage;
import io.tailrace.events.stage.TurnFact;
import io.tailrace.events.stage.TurnFact.Billing;
import io.tailrace.events.stage.TurnFact.FinishReason;
import io.tailrace.events.work.TurnRequest;
import io.tailrace.events.work.TurnSource;
import io.tailrace.turn.context.PastTurn;
import io.tailrace.turn.provider.CallTimeouts;
import io.tailrace.turn.provider.Environment;
import io.tailrace.turn.provider.runtime.ProviderRuntime;
import io.tailrace.worker.attempt.AttemptLost;
import io.tailrace.worker.attempt.StopReason;
import io.tailrace.worker.attempt.StopSignal;
import io.tailrace.worker.stage.StageRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Turns by the scripted provider, with a log in memory. */
class TurnExecutorTest {
    private static final RunId RUN = new RunId("r-chat");
    private static final TurnId TURN = new TurnId("t-one");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(2);
    private final ProviderRuntime providers = new ProviderRuntime(List.of(), Environment.of(Map.of()));
    private final SaidFacts log = new SaidFacts();
    private final StopSignal stop = new StopSignal();
    private final FakeTurnLog turns = new FakeTurnLog();
    private Attempt attempt = Attempt.FIRST;
    private Generation generation = Generation.DEFAULT;

    @BeforeEach
    void ask() {
        turns.input = Optional.of(TurnInput.of("Hello"));
    }

    @AfterEach
    void end() {
        timer.shutdownNow();
        providers.close();
    }

    @Test
    void aTurnSaysWhatHappensInItsOrder() throws Exception {
        script("{\"text\": \"Good morning.\", \"usage\": {\"input\": 7, \"output\": 3}}");

        execute();

        assertThat(log.types().stream().distinct())
                .containsExactly(
                        "turn.started",
                        "context.built",
                        "turn.checkpointed",
                        "model.delta",
                        "turn.usage",
                        "turn.completed");
        assertThat(log.hasEnded()).isTrue();
        assertThat(log.text()).isEqualTo("Good morning.");
        TurnFact.TurnCompleted completed = (TurnFact.TurnCompleted) log.last();
        assertThat(completed.content().message().text()).isEqualTo("Good morning.");
        assertThat(completed.content().text()).isEqualTo("Hello");
        assertThat(completed.content().firstDelta()).isPresent();
        assertThat(completed.finishReason()).isEqualTo(FinishReason.STOP);
        assertThat(completed.content().usage().inputTokens()).contains(7L);
        assertThat(completed.content().usage().totalTokens()).contains(10L);
    }

    @Test
    void anUnknownProviderIsNamedWithThoseThatThereAre() throws Exception {
        turns.input = Optional.of(new TurnInput(
                "Hello",
                Optional.of(new ModelChoice("openai", Optional.of("gpt"))),
                Optional.empty(),
                Optional.empty(),
                Optional.empty()));

        execute();

        TurnFact.TurnFailed failed = (TurnFact.TurnFailed) log.last();
        assertThat(failed.failure().code()).isEqualTo("unknown_provider");
        assertThat(failed.failure().message()).contains("openai", "scripted");
        assertThat(log.types()).containsExactly("turn.started", "turn.failed");
    }

    @Test
    void aMessageThatIsGoneFailsTheTurn() throws Exception {
        turns.input = Optional.empty();

        execute();

        assertThat(((TurnFact.TurnFailed) log.last()).failure().code()).isEqualTo("message_unavailable");
    }

    @Test
    void aFailureInTheMiddleKeepsWhatCameAndSaysWhatItTook() throws Exception {
        script("{\"text\": [\"one \", \"two \", \"three\"],"
                + " \"fail\": {\"after_deltas\": 2, \"code\": \"rate_limited\", \"message\": \"Slow down.\"}}");

        execute();

        TurnFact.TurnFailed failed = (TurnFact.TurnFailed) log.last();
        assertThat(failed.failure().code()).isEqualTo("rate_limited");
        assertThat(failed.content().message().text()).isEqualTo("one two ");
        assertThat(failed.content().usage().outputTokens()).isPresent();
        assertThat(log.of(TurnFact.TurnCheckpointed.class).getLast().message().text())
                .as("what can be inspected after the failure")
                .isEqualTo("one two ");
    }

    @Test
    void aCanceledTurnEndsSoonWithWhatItHas() throws Exception {
        script("{\"text\": [\"one \", \"two\"], \"pace_ms\": 30000}");
        Future<?> running = start();
        await().atMost(PATIENCE).until(() -> log.types().contains("context.built"));

        stop.stop(StopReason.CANCELED);
        running.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);

        TurnFact.TurnFailed failed = (TurnFact.TurnFailed) log.last();
        assertThat(failed.failure().isCancel()).isTrue();
        assertThat(log.hasEnded()).isTrue();
    }

    @Test
    void aTurnThatIsCanceledBeforeItsCallMakesNone() throws Exception {
        script("{\"text\": \"never said\"}");
        stop.stop(StopReason.CANCELED);

        execute();

        assertThat(log.text()).isEmpty();
        assertThat(((TurnFact.TurnFailed) log.last()).failure().isCancel()).isTrue();
    }

    @Test
    void aShutdownGivesTheTurnBack() throws Exception {
        script("{\"text\": [\"one \", \"two\"], \"pace_ms\": 30000}");
        Future<?> running = start();
        await().atMost(PATIENCE).until(() -> log.types().contains("context.built"));

        stop.stop(StopReason.SHUTDOWN);
        running.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);

        assertThat(log.hasEnded()).isFalse();
    }

    @Test
    void aLostAttemptStopsItsCall() {
        script("{\"text\": \"one two three\", \"pace_ms\": 5}");
        log.losingAfter(5);

        assertThatThrownBy(this::execute).isInstanceOf(AttemptLost.class);
    }

    @Test
    void theNextAttemptSaysEverythingAnewAndRecordsWhatWasLost() throws Exception {
        script("{\"text\": \"Good morning.\", \"usage\": {\"input\": 7, \"output\": 3}}");
        attempt = new Attempt(2);
        turns.earlier = List.of(new EarlierAttempt(
                Attempt.FIRST,
                List.of(
                        new TurnFact.ContextBuilt(List.of(), 12, 1000),
                        new TurnFact.ModelDelta(
                                List.of(new TurnFact.Delta(TurnFact.DeltaKind.TEXT, "Good mor", Optional.empty()))))));

        execute();

        assertThat(log.text()).isEqualTo("Good morning.");
        List<TurnFact.TurnUsage> used = log.of(TurnFact.TurnUsage.class);
        assertThat(used).extracting(TurnFact.TurnUsage::billing).containsExactly(Billing.LOST_ATTEMPT, Billing.BILLED);
        assertThat(used.getFirst().estimated()).isTrue();
        assertThat(used.getFirst().usage().outputTokens()).contains(2L);
        assertThat(((TurnFact.TurnCompleted) log.last()).content().usage().outputTokens())
                .as("the result has its own call alone")
                .contains(3L);
    }

    @Test
    void aCompleteAnswerOfALostAttemptIsNotAskedForAgain() throws Exception {
        script("{\"fail\": {\"after_deltas\": 0, \"code\": \"provider_error\", \"message\": \"asked again\"}}");
        attempt = new Attempt(2);
        Usage usage = new Usage(Optional.of(7L), Optional.empty(), Optional.of(3L), Optional.empty(), Optional.of(10L));
        turns.earlier = List.of(new EarlierAttempt(
                Attempt.FIRST,
                List.of(
                        new TurnFact.TurnUsage("scripted", "m", 1, Attempt.FIRST, Billing.BILLED, false, usage),
                        new TurnFact.TurnCheckpointed(
                                TURN,
                                1,
                                new AssistantMessage("Good morning.", Optional.of("Hm."), List.of()),
                                Optional.of(FinishReason.LENGTH),
                                usage))));

        execute();

        TurnFact.TurnCompleted completed = (TurnFact.TurnCompleted) log.last();
        assertThat(completed.content().message().text()).isEqualTo("Good morning.");
        assertThat(completed.finishReason()).isEqualTo(FinishReason.LENGTH);
        assertThat(completed.content().usage()).isEqualTo(usage);
        assertThat(log.text()).isEqualTo("Good morning.");
    }

    @Test
    void aLongHistoryIsSummedUpAndItIsSaid() throws Exception {
        List<PastTurn> history = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            history.add(new PastTurn(
                    "question " + i + "x".repeat(80_000),
                    new AssistantMessage("answer " + i, Optional.empty(), List.of()),
                    true,
                    Optional.empty()));
        }
        turns.history = new TurnLog.History(history, 0);
        script("{\"text\": \"ok\"}");

        execute();

        TurnFact.ContextCompacted compacted =
                log.of(TurnFact.ContextCompacted.class).getFirst();
        assertThat(compacted.compaction().by()).isEqualTo(TurnFact.CompactedBy.RULE);
        assertThat(compacted.compaction().turns()).isEqualTo(4);
        assertThat(compacted.compaction().summary())
                .contains("question 0", "answer 3")
                .doesNotContain("answer 4");
        assertThat(compacted.tokensAfter()).isLessThan(compacted.tokensBefore());
        assertThat(((TurnFact.TurnCompleted) log.last()).content().compaction()).contains(compacted.compaction());
    }

    @Test
    void aMessageThatNoWindowHoldsFailsWithItsNumbers() throws Exception {
        turns.input = Optional.of(TurnInput.of("x".repeat(600_000)));

        execute();

        TurnFact.TurnFailed failed = (TurnFact.TurnFailed) log.last();
        assertThat(failed.failure().code()).isEqualTo("context_overflow");
        assertThat(failed.failure().details()).containsKeys("tokens", "limit");
    }

    @Test
    void anAnswerThatNoRecordHoldsIsCutOff() throws Exception {
        script("{\"text\": [\"" + "x".repeat(70_000) + "\"], \"repeat\": 14}");

        execute();

        TurnFact.TurnFailed failed = (TurnFact.TurnFailed) log.last();
        assertThat(failed.failure().code()).isEqualTo("answer_too_large");
        assertThat(failed.content().message().text().length()).isBetween(500_000, Answer.MAX_BYTES);
        assertThat(log.text()).isEqualTo(failed.content().message().text());
    }

    private void script(String json) {
        turns.input = Optional.of(
                new TurnInput("Hello", Optional.empty(), Optional.empty(), Optional.of(json), Optional.empty()));
    }

    private Future<?> start() {
        return timer.submit(() -> {
            execute();
            return true;
        });
    }

    private void execute() throws AttemptLost {
        TurnSettings settings = new TurnSettings(Duration.ofMillis(1), CallTimeouts.defaults(), 50, 200, 4096);
        StageId stage = StageId.of(RUN, 1);
        LogPosition chapter = new LogPosition(Topic.TURN_EVENTS, 0, 0);
        TurnRequest request = TurnRequest.of(
                RUN,
                stage,
                attempt,
                new WorkspaceId("demo"),
                TURN,
                new TurnSource.ChatMessage(
                        new ChatPlan(
                                TurnPolicy.REJECT,
                                0,
                                Duration.ofDays(1),
                                new ModelChoice("scripted", Optional.empty()),
                                Optional.of("Be brief."),
                                generation),
                        new LogPosition(Topic.RUN_COMMANDS, 0, 3),
                        turns.history.turns().stream().map(_ -> 1L).toList()),
                chapter,
                Instant.EPOCH);
        new TurnExecutor(
                        turns,
                        (_, _) -> {
                            throw new AssertionError("no turn of a chat has results");
                        },
                        (_, _, _, _, _) -> {
                            throw new AssertionError("nothing is to be found");
                        },
                        Caches.none(),
                        (_, _) -> {
                            throw new AssertionError("no tool is to be called");
                        },
                        providers.registry(),
                        settings,
                        timer,
                        System::nanoTime,
                        new TurnMetrics(new SimpleMeterRegistry()))
                .execute(new StageRequest<>(stage, attempt, chapter, request), log, stop);
    }
}
