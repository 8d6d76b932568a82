package io.tailrace.turn.stage;

import static io.tailrace.turn.stage.ToolTurns.call;
import static io.tailrace.turn.stage.ToolTurns.says;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.events.codec.EventCodec;
import io.tailrace.events.id.Attempt;
import io.tailrace.events.id.EventId;
import io.tailrace.events.id.RunId;
import io.tailrace.events.id.TurnId;
import io.tailrace.events.id.WorkerId;
import io.tailrace.events.id.WorkspaceId;
import io.tailrace.events.kafka.KafkaRecords;
import io.tailrace.events.log.LogPosition;
import io.tailrace.events.log.Topic;
import io.tailrace.events.plan.ModelChoice;
import io.tailrace.events.plan.PromptStep;
import io.tailrace.events.run.Outcome;
import io.tailrace.events.stage.StageFact;
import io.tailrace.events.stage.TurnEvent;
import io.tailrace.events.stage.TurnFact;
import io.tailrace.events.stage.TurnFact.ToolExecutionCompleted;
import io.tailrace.events.stage.TurnFact.ToolExecutionStarted;
import io.tailrace.events.stage.TurnFact.ToolOutcome;
import io.tailrace.events.work.TurnRequest;
import io.tailrace.events.work.TurnSource;
import io.tailrace.worker.attempt.AttemptLost;
import io.tailrace.worker.testing.TestLog;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What an attempt finds of the rounds of those before it, on a real broker. */
@Timeout(60)
class RecordedRoundsTest {
    private static final TurnId TURN = TurnId.of(ToolTurns.STAGE);

    private final EventCodec codec = new EventCodec();
    private TestLog log;
    private long sequence;
    private long begin = -1;

    @BeforeEach
    void open() throws Exception {
        log = new TestLog();
    }

    @AfterEach
    void close() {
        log.close();
    }

    @Test
    void whatALostAttemptRecordedIsThereForTheNext() throws Exception {
        try (ToolTurns turn = new ToolTurns()) {
            turn.log.losingAfter(ToolExecutionCompleted.class);
            assertThatThrownBy(() -> turn.execute(call("act", "url", "http://example.org/ä"), says("never said")))
                    .isInstanceOf(AttemptLost.class);
            write(1, new TurnFact.AttemptStarted(TURN));
            for (TurnFact fact : turn.log.facts()) {
                write(1, fact);
            }
            sequence = 0;
            write(2, new TurnFact.AttemptStarted(TURN));

            turn.turns.earlier = new KafkaTurnLog(log.reader(), codec).earlier(request(2));
            turn.log = new SaidFacts();
            turn.execute(says("never said"), says("There is Ä."));

            assertThat(turn.executed).hasSize(1);
            assertThat(turn.log.of(ToolExecutionCompleted.class))
                    .singleElement()
                    .satisfies(it -> {
                        assertThat(it.repeated()).isTrue();
                        assertThat(it.result()).isEqualTo("result of http://example.org/ä");
                    });
        }
    }

    @Test
    void whatAnAttemptWroteAfterItWasReplacedIsNotRecorded() throws Exception {
        TurnFact.ToolCallRef call = new TurnFact.ToolCallRef(1, 0, "call_0", "act");
        write(1, new TurnFact.AttemptStarted(TURN));
        write(1, new ToolExecutionStarted(call, "{}", "key"));
        sequence = 0;
        write(2, new TurnFact.AttemptStarted(TURN));
        sequence = 2;
        write(
                1,
                new ToolExecutionCompleted(
                        call,
                        ToolOutcome.SUCCEEDED,
                        "late",
                        4,
                        Optional.empty(),
                        Optional.empty(),
                        Duration.ZERO,
                        false));
        sequence = 0;
        write(3, new TurnFact.AttemptStarted(TURN));

        RecordedRounds recorded = RecordedRounds.of(new KafkaTurnLog(log.reader(), codec).earlier(request(3)));

        assertThat(recorded.hasBegun(1, 0)).isTrue();
        assertThat(recorded.results(1)).isEmpty();
    }

    @Test
    void anAttemptThatWasReplacedHasTheStageNoMoreAtItsRecord() throws Exception {
        TurnFact.ToolCallRef call = new TurnFact.ToolCallRef(1, 0, "call_0", "act");
        write(1, new TurnFact.AttemptStarted(TURN));
        LogPosition before = write(1, new ToolExecutionStarted(call, "{}", "key"));
        sequence = 0;
        write(2, new TurnFact.AttemptStarted(TURN));
        sequence = 2;
        LogPosition after = write(1, new ToolExecutionStarted(call, "{}", "key"));
        TurnLog.Standing standing = new KafkaTurnLog(log.reader(), codec).standing(request(1));

        assertThat(standing.counts(before)).isTrue();
        assertThat(standing.counts(after)).isFalse();
        assertThat(new KafkaTurnLog(log.reader(), codec).standing(request(1)).counts(after))
                .isFalse();
    }

    @Test
    void anAttemptThatIsReplacedBehindItsRecordHasTheStageThereAndTheNextOneFindsIt() throws Exception {
        write(1, new TurnFact.AttemptStarted(TURN));
        LogPosition begun =
                write(1, new ToolExecutionStarted(new TurnFact.ToolCallRef(1, 0, "call_0", "act"), "{}", "key"));
        sequence = 0;
        write(2, new TurnFact.AttemptStarted(TURN));

        assertThat(new KafkaTurnLog(log.reader(), codec).standing(request(1)).counts(begun))
                .isTrue();
        assertThat(RecordedRounds.of(new KafkaTurnLog(log.reader(), codec).earlier(request(2)))
                        .hasBegun(1, 0))
                .isTrue();
    }

    @Test
    void aStageThatWasEndedByForceIsNoMoreTheAttempts() throws Exception {
        write(1, new TurnFact.AttemptStarted(TURN));
        log.write(new KafkaRecords(codec)
                .stageEvent(
                        0,
                        TurnEvent.aborted(
                                EventId.of(UUID.randomUUID()),
                                ToolTurns.STAGE,
                                Instant.EPOCH,
                                new StageFact.StageAborted(
                                        StageFact.AbortReason.CANCELED_IN_QUEUE, Outcome.CANCELED, "canceled"))));
        LogPosition after = write(1, new StageFact.Heartbeat());

        assertThat(new KafkaTurnLog(log.reader(), codec).standing(request(1)).counts(after))
                .isFalse();
    }

    private LogPosition write(int attempt, TurnFact fact) throws Exception {
        TurnEvent event = TurnEvent.ofAttempt(
                EventId.of(UUID.randomUUID()),
                ToolTurns.STAGE,
                new Attempt(attempt),
                ++sequence,
                new WorkerId("worker-" + attempt),
                Instant.EPOCH,
                fact);
        LogPosition position = log.write(new KafkaRecords(codec).stageEvent(0, event));
        begin = begin < 0 ? position.offset() : begin;
        return position;
    }

    private TurnRequest request(int attempt) {
        return TurnRequest.of(
                new RunId("r-tools"),
                ToolTurns.STAGE,
                new Attempt(attempt),
                new WorkspaceId("demo"),
                TURN,
                new TurnSource.PlanPrompt(
                        PromptStep.of("What is there?", new ModelChoice("scripted", Optional.empty())), List.of()),
                new LogPosition(Topic.TURN_EVENTS, 0, begin),
                Instant.EPOCH);
    }
}
