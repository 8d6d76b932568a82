package io.tailrace.worker.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tailrace.events.codec.EventCodec;
import io.tailrace.events.id.Attempt;
import io.tailrace.events.id.EventId;
import io.tailrace.events.id.RunId;
import io.tailrace.events.id.StageId;
import io.tailrace.events.id.TurnId;
import io.tailrace.events.id.WorkerId;
import io.tailrace.events.kafka.KafkaRecords;
import io.tailrace.events.log.LogPosition;
import io.tailrace.events.log.Topic;
import io.tailrace.events.run.Usage;
import io.tailrace.events.stage.AssistantMessage;
import io.tailrace.events.stage.StageFact;
import io.tailrace.events.stage.TurnEvent;
import io.tailrace.events.stage.TurnFact;
import io.tailrace.events.stage.TurnFailure;
import io.tailrace.events.work.StepResult;
import io.tailrace.worker.testing.TestLog;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** On a real broker: what lies at the position of a result is not always that result. */
@Timeout(60)
class LoggedResultsTest {
    private static final RunId RUN = RunId.of(UUID.randomUUID());
    private static final StageId STAGE = StageId.of(RUN, 2);

    private final EventCodec codec = new EventCodec();
    private TestLog log;

    @BeforeEach
    void open() throws Exception {
        log = new TestLog();
    }

    @AfterEach
    void close() {
        log.close();
    }

    @Test
    void theAnswerOfTheStepIsItsText() throws Exception {
        assertThat(read(completed(STAGE, "It is a test."))).isEqualTo("It is a test.");
    }

    @Test
    void anAnswerWithoutTextIsAnEmptyOne() throws Exception {
        assertThat(read(completed(STAGE, ""))).isEmpty();
    }

    @Test
    void anAnswerOfAnotherRunIsNone() throws Exception {
        isUnavailable(completed(StageId.of(RunId.of(UUID.randomUUID()), 2), "a stranger's"));
    }

    @Test
    void anAnswerOfAnotherStageOfTheRunIsNone() throws Exception {
        isUnavailable(completed(StageId.of(RUN, 3), "another step's"));
    }

    @Test
    void whatTheStageSaidBeforeItsEndIsNone() throws Exception {
        isUnavailable(event(STAGE, new StageFact.Heartbeat()));
    }

    @Test
    void aFailureIsNone() throws Exception {
        isUnavailable(event(
                STAGE,
                new TurnFact.TurnFailed(
                        content("what came of it"), new TurnFailure("timeout", "Too slow.", true, Map.of()))));
    }

    @Test
    void whatCannotBeReadIsNone() throws Exception {
        isUnavailable(new ProducerRecord<>(Topic.TURN_EVENTS.topicName(), 0, KafkaRecords.key(RUN), new byte[] {1, 2}));
        isUnavailable(new ProducerRecord<>(Topic.TURN_EVENTS.topicName(), 0, KafkaRecords.key(RUN), null));
    }

    @Test
    void whatTheLogDoesNotHaveIsSaidToBeGone() {
        LogPosition later = new LogPosition(Topic.TURN_EVENTS, 0, 1_000_000_000L);

        assertThatExceptionOfType(ResultUnavailable.class)
                .isThrownBy(() -> results().text(RUN, new StepResult("explain", STAGE, later)))
                .satisfies(it -> assertThat(it.reason()).contains("explain", "no longer"))
                .satisfies(it -> assertThat(it.position()).isEqualTo(later.toString()));
    }

    @Test
    void aRequestThatPointsIntoAnotherRunOrTopicIsNotFollowed() throws Exception {
        StageId strange = StageId.of(RunId.of(UUID.randomUUID()), 2);
        LogPosition there = log.write(completed(strange, "a stranger's"));
        LogPosition elsewhere = new LogPosition(Topic.BUILD_EVENTS, there.partition(), there.offset());

        assertThatExceptionOfType(ResultUnavailable.class)
                .isThrownBy(() -> results().text(RUN, new StepResult("explain", strange, there)));
        assertThatExceptionOfType(ResultUnavailable.class)
                .isThrownBy(() -> results().text(RUN, new StepResult("explain", STAGE, elsewhere)));
    }

    private void isUnavailable(ProducerRecord<byte[], byte[]> record) throws Exception {
        assertThatExceptionOfType(ResultUnavailable.class)
                .isThrownBy(() -> read(record))
                .satisfies(it -> assertThat(it.reason()).contains("explain", "something else"));
    }

    private String read(ProducerRecord<byte[], byte[]> record) throws Exception {
        return results().text(RUN, new StepResult("explain", STAGE, log.write(record)));
    }

    private StepResults results() {
        return new LoggedResults(log.reader(), codec);
    }

    private ProducerRecord<byte[], byte[]> completed(StageId stage, String answer) {
        return event(stage, new TurnFact.TurnCompleted(content(answer), TurnFact.FinishReason.STOP));
    }

    private ProducerRecord<byte[], byte[]> event(StageId stage, TurnFact fact) {
        return new KafkaRecords(codec)
                .stageEvent(
                        0,
                        TurnEvent.ofAttempt(
                                EventId.of(UUID.randomUUID()),
                                stage,
                                Attempt.FIRST,
                                2,
                                new WorkerId("worker"),
                                Instant.now(),
                                fact));
    }

    private static TurnFact.TurnContent content(String answer) {
        return new TurnFact.TurnContent(
                new TurnId("t-explain"),
                "Explain.",
                new AssistantMessage(answer, Optional.empty(), List.of()),
                "scripted",
                "scripted-1",
                Usage.NONE,
                Duration.ZERO,
                Optional.empty(),
                Optional.empty());
    }
}
