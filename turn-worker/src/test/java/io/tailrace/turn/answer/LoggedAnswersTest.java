package io.tailrace.turn.answer;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.events.codec.EventCodec;
import io.tailrace.events.id.RunId;
import io.tailrace.events.id.StageId;
import io.tailrace.events.id.WorkspaceId;
import io.tailrace.events.log.LogPosition;
import io.tailrace.events.log.Topic;
import io.tailrace.events.work.KeptAnswer;
import io.tailrace.service.kafka.KafkaClients;
import io.tailrace.worker.attempt.StopReason;
import io.tailrace.worker.attempt.StopSignal;
import io.tailrace.worker.testing.TestLog;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Answers of several workers on a real broker. */
@Timeout(120)
class LoggedAnswersTest {
    private static final WorkspaceId DEMO = new WorkspaceId("demo");
    private static final Duration HOUR = Duration.ofHours(1);
    private static final EventCodec CODEC = new EventCodec();
    private static final StopSignal RUNNING = new StopSignal();

    /** The topic is shared with other tests. */
    private final String question =
            UUID.randomUUID().toString().replace("-", "").repeat(2);

    private TestLog log;

    @BeforeEach
    void open() throws Exception {
        log = new TestLog();
    }

    @AfterEach
    void close() {
        log.close();
    }

    private LoggedAnswers worker(String name) {
        return new LoggedAnswers(KafkaClients.at(log.servers()), name, CODEC, InstantSource.system());
    }

    private KeptAnswer answer(int offset, Instant at) {
        return new KeptAnswer(
                DEMO,
                question,
                StageId.of(new RunId("r-run" + offset), 1),
                new LogPosition(Topic.TURN_EVENTS, 0, offset),
                at.truncatedTo(ChronoUnit.MILLIS));
    }

    private void write(String key, byte @Nullable [] value) throws Exception {
        log.write(new ProducerRecord<>(Topic.ANSWERS.topicName(), key.getBytes(StandardCharsets.UTF_8), value));
    }

    @Test
    void whoKeepsAnAnswerFindsItAtOnceAndAWorkerThatStartsLaterFindsItAtItsFirstQuestion() {
        KeptAnswer answer = answer(7, Instant.now());
        try (LoggedAnswers first = worker("a")) {
            first.keep(answer);
            assertThat(first.find(DEMO, question, HOUR, RUNNING)).contains(answer);
        }
        try (LoggedAnswers second = worker("b")) {
            assertThat(second.find(DEMO, question, HOUR, RUNNING)).contains(answer);
            assertThat(second.find(new WorkspaceId("other"), question, HOUR, RUNNING))
                    .isEmpty();
            assertThat(second.find(DEMO, "f".repeat(64), HOUR, RUNNING)).isEmpty();
            assertThat(second.size()).isPositive();
            assertThat(second.failures()).isZero();
        }
    }

    @Test
    void aWorkerThatRunsLearnsOfOthersAnswersAndTheLastOneCounts() {
        try (LoggedAnswers first = worker("a");
                LoggedAnswers second = worker("b")) {
            assertThat(second.find(DEMO, question, HOUR, RUNNING)).isEmpty();
            first.keep(answer(7, Instant.now()));
            Awaitility.await()
                    .until(() -> second.find(DEMO, question, HOUR, RUNNING)
                            .equals(first.find(DEMO, question, HOUR, RUNNING)));
            KeptAnswer last = answer(9, Instant.now());
            first.keep(last);
            Awaitility.await()
                    .until(() -> second.find(DEMO, question, HOUR, RUNNING).equals(Optional.of(last)));
        }
    }

    @Test
    void anAnswerIsAsOldAsItSaysAndNotYoungerThanItsRecord() throws Exception {
        KeptAnswer old = answer(7, Instant.now().minus(Duration.ofMinutes(50)));
        KeptAnswer future = answer(8, Instant.now().plus(Duration.ofDays(400)));
        try (LoggedAnswers worker = worker("a")) {
            worker.keep(old);
            assertThat(worker.find(DEMO, question, HOUR, RUNNING)).contains(old);
            assertThat(worker.find(DEMO, question, Duration.ofMinutes(49), RUNNING))
                    .isEmpty();
        }
        write(future.key(), CODEC.encode(Topic.ANSWERS, future));
        try (LoggedAnswers worker = worker("b")) {
            assertThat(worker.find(DEMO, question, HOUR, RUNNING)).contains(future);
            Awaitility.await()
                    .until(() -> worker.find(DEMO, question, Duration.ofMillis(1), RUNNING)
                            .isEmpty());
        }
    }

    @Test
    void whatNobodyCanReadIsSkippedAndATombstoneForgets() throws Exception {
        KeptAnswer answer = answer(7, Instant.now());
        write("anything", "no record of ours".getBytes(StandardCharsets.UTF_8));
        write(answer.key(), CODEC.encode(Topic.ANSWERS, answer));
        try (LoggedAnswers worker = worker("a")) {
            assertThat(worker.find(DEMO, question, HOUR, RUNNING)).contains(answer);
            write(answer.key(), null);
            Awaitility.await()
                    .until(() -> worker.find(DEMO, question, HOUR, RUNNING).isEmpty());
        }
    }

    @Test
    void theFirstQuestionWaitsUntilAllAnswersAreRead() throws Exception {
        KeptAnswer answer = answer(7, Instant.now());
        for (int i = 0; i < 500; i++) {
            write("anything-" + i, "no record of ours".getBytes(StandardCharsets.UTF_8));
        }
        write(answer.key(), CODEC.encode(Topic.ANSWERS, answer));
        try (LoggedAnswers worker = worker("a")) {
            assertThat(worker.find(DEMO, question, HOUR, RUNNING)).contains(answer);
        }
    }

    @Test
    void aStopEndsTheWaitAndNothingIsFound() throws Exception {
        StopSignal stop = new StopSignal();
        try (LoggedAnswers worker =
                new LoggedAnswers(KafkaClients.at("127.0.0.1:1"), "a", CODEC, InstantSource.system())) {
            worker.keep(answer(7, Instant.now()));
            CompletableFuture<Optional<KeptAnswer>> found = new CompletableFuture<>();
            Thread asking = Thread.ofPlatform().start(() -> found.complete(worker.find(DEMO, question, HOUR, stop)));
            Awaitility.await().until(() -> asking.getState() == Thread.State.TIMED_WAITING);
            stop.stop(StopReason.CANCELED);
            assertThat(found.get(1, TimeUnit.SECONDS)).isEmpty();
        }
    }

    @Test
    void withoutALogNothingIsFoundNothingFailsAndTurnsGoOn() {
        KeptAnswer answer = answer(7, Instant.now());
        try (LoggedAnswers worker =
                new LoggedAnswers(KafkaClients.at("127.0.0.1:1"), "a", CODEC, InstantSource.system())) {
            long asked = System.nanoTime();
            assertThat(worker.find(DEMO, "f".repeat(64), HOUR, RUNNING)).isEmpty();
            worker.keep(answer);
            assertThat(worker.find(DEMO, question, HOUR, RUNNING)).contains(answer);
            assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(Duration.ofSeconds(30));
            Awaitility.await().until(() -> worker.failures() > 0);
        }
    }

    @Test
    void theOldestAreForgottenWhenThereAreTooMany() {
        RecentAnswers recent = new RecentAnswers(2, InstantSource.system());
        Instant now = Instant.now();
        for (String question : new String[] {"a", "b", "a", "c"}) {
            recent.put(
                    new KeptAnswer(
                            DEMO,
                            question,
                            StageId.of(new RunId("r-run"), 1),
                            answer(1, now).position(),
                            now),
                    now);
        }
        assertThat(recent.find(DEMO, "b", HOUR)).isEmpty();
        assertThat(recent.find(DEMO, "a", HOUR)).isPresent();
        assertThat(recent.find(DEMO, "c", HOUR)).isPresent();
    }
}
