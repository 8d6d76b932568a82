package io.tailrace.turn.stage;

import static io.tailrace.turn.stage.ToolTurns.calls;
import static io.tailrace.turn.stage.ToolTurns.one;
import static io.tailrace.turn.stage.ToolTurns.says;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.events.codec.EventCodec;
import io.tailrace.events.id.Attempt;
import io.tailrace.events.id.EventId;
import io.tailrace.events.id.RunId;
import io.tailrace.events.id.StageId;
import io.tailrace.events.id.TurnId;
import io.tailrace.events.id.WorkerId;
import io.tailrace.events.id.WorkspaceId;
import io.tailrace.events.kafka.KafkaRecords;
import io.tailrace.events.log.ChapterRange;
import io.tailrace.events.log.LogPosition;
import io.tailrace.events.log.Topic;
import io.tailrace.events.plan.ModelChoice;
import io.tailrace.events.plan.PromptStep;
import io.tailrace.events.plan.ToolUse;
import io.tailrace.events.run.Outcome;
import io.tailrace.events.run.Usage;
import io.tailrace.events.stage.AssistantMessage;
import io.tailrace.events.stage.BuildEvent;
import io.tailrace.events.stage.BuildFact;
import io.tailrace.events.stage.BuildFact.ConsoleLine;
import io.tailrace.events.stage.BuildFact.ConsoleStream;
import io.tailrace.events.stage.BuildFact.LineEnd;
import io.tailrace.events.stage.StageFact;
import io.tailrace.events.stage.TurnEvent;
import io.tailrace.events.stage.TurnFact;
import io.tailrace.events.stage.TurnFact.ToolExecutionCompleted;
import io.tailrace.events.work.Continuation;
import io.tailrace.events.work.Continuation.BuildAnswer;
import io.tailrace.events.work.Continuation.PausedStage;
import io.tailrace.events.work.TurnRequest;
import io.tailrace.events.work.TurnSource;
import io.tailrace.service.kafka.KafkaClients;
import io.tailrace.worker.attempt.AttemptLost;
import io.tailrace.worker.attempt.StopReason;
import io.tailrace.worker.attempt.StopSignal;
import io.tailrace.worker.position.PositionReader;
import io.tailrace.worker.testing.TestLog;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a turn that goes on finds of the stages before it and of builds, on a real broker. */
@Timeout(60)
class PausedChaptersTest {
    private static final TurnId TURN = TurnId.of(ToolTurns.STAGE);
    private static final RunId RUN = ToolTurns.STAGE.run();
    private static final StageId BUILD = StageId.of(RUN, 2);
    private static final StageId NEXT = StageId.of(RUN, 3);
    private static final String A = "http://example.org/a";
    private static final String[] SCRIPT = {calls(one("ask", "url", A), one("get", "url", A)), says("Done.")};

    private final EventCodec codec = new EventCodec();
    private final ToolTurns turn = new ToolTurns();
    private TestLog log;
    private PositionReader reader;
    private KafkaProducer<byte[], byte[]> producer;
    private long sequence;

    @BeforeEach
    void open() throws Exception {
        turn.use = ToolUse.of(List.of(ToolTurns.GET, ToolTurns.ASK));
        log = new TestLog();
        reader = new PositionReader(KafkaClients.at(log.servers()), "test");
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", log.servers()), new ByteArraySerializer(), new ByteArraySerializer());
    }

    @AfterEach
    void close() {
        turn.close();
        producer.close();
        reader.close();
        log.close();
    }

    @Test
    void theRoundsOfAPausedStageAreThere() throws Exception {
        ChapterRange chapter = pausedStage();

        RecordedRounds rounds =
                rounds(TURN, new PausedStage(ToolTurns.STAGE, chapter)).orElseThrow();

        assertThat(rounds.count()).isEqualTo(1);
        assertThat(rounds.results(1))
                .singleElement()
                .satisfies(it -> assertThat(it.result()).isEqualTo("result of " + A));
    }

    @Test
    void whatTheStageRecordedFirstCountsOfAllItsAttempts() throws Exception {
        turn.log.losingAfter(ToolExecutionCompleted.class);
        assertThatThrownBy(() -> turn.execute(SCRIPT)).isInstanceOf(AttemptLost.class);
        long first = claim(1);
        for (TurnFact fact : turn.log.facts()) {
            write(ToolTurns.STAGE, 1, fact);
        }
        turn.lose(100);
        turn.execute(SCRIPT);
        long voided = sequence;
        claim(2);
        long ofSecond = sequence;
        sequence = voided;
        write(ToolTurns.STAGE, 1, late());
        sequence = ofSecond;
        long last = 0;
        for (TurnFact fact : turn.log.facts()) {
            last = write(ToolTurns.STAGE, 2, fact);
        }

        RecordedRounds rounds = rounds(TURN, new PausedStage(ToolTurns.STAGE, new ChapterRange(first, last)))
                .orElseThrow();

        assertThat(rounds.results(1))
                .singleElement()
                .satisfies(it -> assertThat(it.repeated()).isFalse())
                .satisfies(it -> assertThat(it.result()).isEqualTo("result of " + A));
        assertThat(turn.executed).hasSize(1);
    }

    @Test
    void aChapterThatIsNotWholeIsLost() throws Exception {
        ChapterRange chapter = pausedStage();
        long first = chapter.firstOffset();
        long last = chapter.lastOffset();
        write(ToolTurns.STAGE, 1, new StageFact.Heartbeat());

        for (ChapterRange range : List.of(
                new ChapterRange(first + 1, last),
                new ChapterRange(first, last - 1),
                new ChapterRange(first, last + 1),
                new ChapterRange(first, last + 1_000),
                new ChapterRange(last + 1_000, last + 2_000))) {
            assertThat(rounds(TURN, new PausedStage(ToolTurns.STAGE, range))).isEmpty();
        }
        PausedStage whole = new PausedStage(ToolTurns.STAGE, chapter);
        assertThat(rounds(TURN, whole)).isPresent();
        assertThat(rounds(TURN, new PausedStage(BUILD, chapter))).isEmpty();
        assertThat(rounds(TURN, whole, new PausedStage(BUILD, chapter))).isEmpty();
        assertThat(rounds(TurnId.of(BUILD), whole)).isEmpty();
    }

    @Test
    void aStageThatDidNotPauseTheTurnIsNone() throws Exception {
        long first = claim(1);
        write(ToolTurns.STAGE, 1, new TurnFact.ToolCallsRequested(1, round(), false));
        long last = write(
                ToolTurns.STAGE,
                1,
                new TurnFact.TurnCompleted(
                        new TurnFact.TurnContent(
                                TURN,
                                "",
                                AssistantMessage.EMPTY,
                                "scripted",
                                "",
                                Usage.NONE,
                                Duration.ZERO,
                                Optional.empty(),
                                Optional.empty()),
                        TurnFact.FinishReason.STOP));

        assertThat(rounds(TURN, new PausedStage(ToolTurns.STAGE, new ChapterRange(first, last))))
                .isEmpty();
    }

    @Test
    void aPauseThatDoesNotFitItsRoundsIsNone() throws Exception {
        long first = claim(1);
        write(ToolTurns.STAGE, 1, new TurnFact.ToolCallsRequested(1, round(), false));
        long last = write(ToolTurns.STAGE, 1, new TurnFact.TurnPaused(TURN, 1, List.of(), Usage.NONE, Duration.ZERO));

        assertThat(rounds(TURN, new PausedStage(ToolTurns.STAGE, new ChapterRange(first, last))))
                .isEmpty();
    }

    @Test
    void theEndOfABuildIsThere() throws Exception {
        long first = build(1, new BuildFact.AttemptStarted("commands"));
        build(1, line("of a lost attempt"));
        sequence = 0;
        build(2, new BuildFact.AttemptStarted("commands"));
        long ofSecond = sequence;
        sequence = 2;
        build(1, line("too late"));
        sequence = ofSecond;
        build(2, line("built"));
        long last = build(2, completed());
        build(2, line("after the end"));

        BuildAnswer whole = answer(BUILD, first, last);
        assertThat(build(whole, new StopSignal()).orElseThrow().told(whole).text())
                .isEqualTo("The build succeeded.\n\nbuilt\n");
        assertThat(build(answer(BUILD, first, last - 1), new StopSignal())).isEmpty();
        assertThat(build(answer(BUILD, first, last + 1), new StopSignal())).isEmpty();
        assertThat(build(answer(BUILD, first, last + 1_000), new StopSignal())).isEmpty();
        assertThat(build(answer(BUILD, last, first), new StopSignal())).isEmpty();
        assertThat(build(answer(NEXT, first, last), new StopSignal())).isEmpty();
        StopSignal stopped = new StopSignal();
        stopped.stop(StopReason.SHUTDOWN);
        assertThat(build(whole, stopped)).isEmpty();
    }

    @Test
    void aBuildOfAnotherRunIsNone() throws Exception {
        StageId strange = StageId.of(new RunId("r-other"), 2);
        long first = write(Topic.BUILD_EVENTS, buildEvent(strange, 1, new BuildFact.AttemptStarted("commands")));
        long last = write(Topic.BUILD_EVENTS, buildEvent(strange, 1, completed()));

        assertThat(build(answer(strange, first, last), new StopSignal())).isEmpty();
    }

    /** A stage with one round, of which a call waits. */
    private ChapterRange pausedStage() throws Exception {
        turn.execute(SCRIPT);
        long first = claim(1);
        long last = 0;
        for (TurnFact fact : turn.log.facts()) {
            last = write(ToolTurns.STAGE, 1, fact);
        }
        return new ChapterRange(first, last);
    }

    private static AssistantMessage round() {
        return new AssistantMessage(
                "", Optional.empty(), List.of(new AssistantMessage.ToolCall("call_0", "ask", "{}")));
    }

    private static TurnFact late() {
        return new ToolExecutionCompleted(
                new TurnFact.ToolCallRef(1, 0, "call_0", "ask"),
                TurnFact.ToolOutcome.SUCCEEDED,
                "late",
                4,
                Optional.empty(),
                Optional.empty(),
                Duration.ZERO,
                false);
    }

    private Optional<RecordedRounds> rounds(TurnId of, PausedStage... stages) {
        Continuation continuation = new Continuation(List.of(stages), List.of());
        return new KafkaTurnLog(reader, codec).paused(request(of, continuation), continuation, new StopSignal());
    }

    private Optional<BuildOutput> build(BuildAnswer answer, StopSignal stop) {
        return new KafkaTurnLog(reader, codec)
                .build(
                        request(
                                TURN,
                                new Continuation(
                                        List.of(new PausedStage(ToolTurns.STAGE, new ChapterRange(0, 1))), List.of())),
                        answer,
                        1_000,
                        stop);
    }

    private static BuildAnswer answer(StageId stage, long first, long last) {
        return new BuildAnswer(
                stage,
                new LogPosition(Topic.BUILD_EVENTS, 0, first),
                last,
                Outcome.SUCCEEDED,
                Optional.of(0),
                Optional.empty());
    }

    private long claim(int attempt) throws Exception {
        sequence = 0;
        return write(ToolTurns.STAGE, attempt, new TurnFact.AttemptStarted(TURN));
    }

    private long write(StageId stage, int attempt, TurnFact fact) throws Exception {
        return send(new KafkaRecords(codec)
                .stageEvent(
                        0,
                        TurnEvent.ofAttempt(
                                EventId.of(UUID.randomUUID()),
                                stage,
                                new Attempt(attempt),
                                ++sequence,
                                new WorkerId("worker-" + attempt),
                                Instant.EPOCH,
                                fact)));
    }

    private long build(int attempt, BuildFact fact) throws Exception {
        return write(Topic.BUILD_EVENTS, buildEvent(BUILD, attempt, fact));
    }

    private BuildEvent buildEvent(StageId stage, int attempt, BuildFact fact) {
        return BuildEvent.ofAttempt(
                EventId.of(UUID.randomUUID()),
                stage,
                new Attempt(attempt),
                ++sequence,
                new WorkerId("worker-" + attempt),
                Instant.EPOCH,
                fact);
    }

    private long write(Topic topic, BuildEvent event) throws Exception {
        ProducerRecord<byte[], byte[]> record = new KafkaRecords(codec).stageEvent(0, event);
        assertThat(record.topic()).isEqualTo(topic.topicName());
        return send(record);
    }

    private long send(ProducerRecord<byte[], byte[]> record) throws Exception {
        return producer.send(record).get().offset();
    }

    private static BuildFact line(String text) {
        return new BuildFact.ConsoleLines(
                "build", Optional.empty(), List.of(new ConsoleLine(ConsoleStream.STDOUT, LineEnd.NEWLINE, text)));
    }

    private static BuildFact completed() {
        return new BuildFact.BuildCompleted(
                Outcome.SUCCEEDED,
                BuildFact.BuildReason.DIRTY_OR_MISSING,
                Duration.ofSeconds(1),
                Optional.of(0),
                Optional.empty(),
                1,
                1,
                1,
                Optional.empty());
    }

    private TurnRequest request(TurnId of, Continuation continuation) {
        return TurnRequest.of(
                RUN,
                NEXT,
                Attempt.FIRST,
                new WorkspaceId("demo"),
                of,
                new TurnSource.PlanPrompt(
                        PromptStep.of("What is there?", new ModelChoice("scripted", Optional.empty())),
                        List.of(),
                        Optional.of(continuation)),
                new LogPosition(Topic.TURN_EVENTS, 0, 0),
                Instant.EPOCH);
    }
}
