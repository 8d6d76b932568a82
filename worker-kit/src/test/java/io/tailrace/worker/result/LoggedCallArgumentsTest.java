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
import io.tailrace.events.stage.StageFact;
import io.tailrace.events.stage.TurnEvent;
import io.tailrace.events.stage.TurnFact;
import io.tailrace.events.work.ToolBuild;
import io.tailrace.service.kafka.KafkaClients;
import io.tailrace.worker.position.PositionReader;
import io.tailrace.worker.testing.TestLog;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** On a real broker: what lies at the position of a call is not always that call. */
@Timeout(60)
class LoggedCallArgumentsTest {
    private static final RunId RUN = RunId.of(UUID.randomUUID());
    private static final StageId STAGE = StageId.of(RUN, 2);

    private final EventCodec codec = new EventCodec();
    private TestLog log;
    private PositionReader reader;
    private KafkaProducer<byte[], byte[]> producer;

    @BeforeEach
    void open() throws Exception {
        log = new TestLog();
        reader = new PositionReader(KafkaClients.at(log.servers()), "test");
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", log.servers()), new ByteArraySerializer(), new ByteArraySerializer());
    }

    @AfterEach
    void close() {
        producer.close();
        reader.close();
        log.close();
    }

    @Test
    void theTextsOfTheCallAreThere() throws Exception {
        assertThat(read(paused(STAGE, 2, "{}", "{\"what\": \"ä\\n\", \"how\": \"\"}")))
                .isEqualTo(Map.of("what", "ä\n", "how", ""));
    }

    @Test
    void noArgumentsAreNone() throws Exception {
        assertThat(read(paused(STAGE, 2, "", "  "))).isEmpty();
        assertThat(read(paused(STAGE, 2, "", "{}"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "{\"what\": 1}",
                "{\"what\": {}}",
                "{\"what\": \"x\"",
                "{} {}",
                "{\"a\": \"\", \"a\": \"\"}"
            })
    void whatIsNoObjectOfTextsIsNone(String arguments) throws Exception {
        isUnavailable(paused(STAGE, 2, "{}", arguments));
    }

    @Test
    void anotherCallIsNone() throws Exception {
        isUnavailable(paused(STAGE, 1, "{}", "{}"));
        isUnavailable(paused(STAGE, 2, "{}"));
    }

    @Test
    void theCallOfAnotherStageOrRunIsNone() throws Exception {
        isUnavailable(paused(StageId.of(RUN, 3), 2, "{}", "{}"));
        isUnavailable(paused(StageId.of(RunId.of(UUID.randomUUID()), 2), 2, "{}", "{}"));
    }

    @Test
    void whatTheStageSaidBeforeItsEndIsNone() throws Exception {
        isUnavailable(event(STAGE, new StageFact.Heartbeat()));
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
                .isThrownBy(() -> arguments().texts(RUN, new ToolBuild(STAGE, later, 2, 1)))
                .satisfies(it -> assertThat(it.reason()).contains("no longer"))
                .satisfies(it -> assertThat(it.position()).isEqualTo(later.toString()));
    }

    @Test
    void aRequestThatPointsIntoAnotherRunOrTopicIsNotFollowed() throws Exception {
        StageId strange = StageId.of(RunId.of(UUID.randomUUID()), 2);
        LogPosition there = append(paused(strange, 2, "{}", "{}"));
        LogPosition elsewhere = new LogPosition(Topic.BUILD_EVENTS, there.partition(), there.offset());

        assertThatExceptionOfType(ResultUnavailable.class)
                .isThrownBy(() -> arguments().texts(RUN, new ToolBuild(strange, there, 2, 1)));
        assertThatExceptionOfType(ResultUnavailable.class)
                .isThrownBy(() -> arguments().texts(RUN, new ToolBuild(STAGE, elsewhere, 2, 1)));
    }

    private void isUnavailable(ProducerRecord<byte[], byte[]> record) throws Exception {
        assertThatExceptionOfType(ResultUnavailable.class)
                .isThrownBy(() -> read(record))
                .satisfies(it -> assertThat(it.reason()).contains("something else"));
    }

    /** The second call of the second round. */
    private Map<String, String> read(ProducerRecord<byte[], byte[]> record) throws Exception {
        return arguments().texts(RUN, new ToolBuild(STAGE, append(record), 2, 1));
    }

    private CallArguments arguments() {
        return new LoggedCallArguments(reader, codec);
    }

    private LogPosition append(ProducerRecord<byte[], byte[]> record) throws ExecutionException, InterruptedException {
        return new LogPosition(Topic.TURN_EVENTS, 0, producer.send(record).get().offset());
    }

    private ProducerRecord<byte[], byte[]> paused(StageId stage, int round, String... arguments) {
        List<TurnFact.WaitingCall> calls = new ArrayList<>();
        for (String it : arguments) {
            calls.add(new TurnFact.WaitingCall(new TurnFact.ToolCallRef(round, calls.size(), "call", "build"), it));
        }
        return event(stage, new TurnFact.TurnPaused(new TurnId("t-paused"), round, calls, Usage.NONE, Duration.ZERO));
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
}
