package io.tailrace.worker.attempt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.tailrace.events.id.Attempt;
import io.tailrace.events.id.EventId;
import io.tailrace.events.id.StageId;
import io.tailrace.events.id.WorkerId;
import io.tailrace.events.log.LogPosition;
import io.tailrace.events.log.Topic;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** With the Kafka client's own producer in memory, which fails sends when it is told to. */
@Timeout(20)
class AttemptWriterTest {

    private static final AttemptId ID = new AttemptId(new StageId("run-1.1"), Attempt.FIRST, new WorkerId("worker"));

    private final MockProducer<byte[], byte[]> producer =
            new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer());
    private final StopSignal stop = new StopSignal();
    private final AttemptWriter<String> writer = new AttemptWriter<>(
            ID,
            producer,
            (_, sequence, _, _, fact) -> new ProducerRecord<>(
                    Topic.TURN_EVENTS.topicName(), 0, null, (sequence + " " + fact).getBytes(StandardCharsets.UTF_8)),
            () -> EventId.of(UUID.randomUUID()),
            InstantSource.fixed(Instant.EPOCH),
            stop);

    @Test
    void numbersFactsFromOneWithoutGaps() throws Exception {
        writer.append("a");
        writer.append("b");
        writer.heartbeat(Duration.ZERO, () -> "heartbeat");

        assertThat(sent()).containsExactly("1 a", "2 b", "3 heartbeat");
    }

    @Test
    void isSilentWhileFactsAreAppended() throws Exception {
        writer.append("a");

        writer.heartbeat(Duration.ofMinutes(1), () -> "heartbeat");

        assertThat(sent()).containsExactly("1 a");
    }

    @Test
    void aFailedSendLosesTheAttemptAndNothingIsSentAfterIt() throws Exception {
        writer.append("a");
        writer.append("b");

        assertThat(producer.errorNext(new TimeoutException("for a test"))).isTrue();

        assertThat(stop.reason()).contains(StopReason.LOST);
        assertThatExceptionOfType(AttemptLost.class).isThrownBy(() -> writer.append("c"));
        writer.heartbeat(Duration.ZERO, () -> "heartbeat");
        assertThat(sent()).containsExactly("1 a", "2 b");
    }

    @Test
    void aProducerThatRefusesLosesTheAttempt() {
        producer.sendException = new TimeoutException("for a test");

        assertThatExceptionOfType(AttemptLost.class).isThrownBy(() -> writer.append("a"));

        assertThat(stop.reason()).contains(StopReason.LOST);
    }

    @Test
    void nothingFollowsTheEnd() throws Exception {
        AtomicReference<LogPosition> end = new AtomicReference<>();
        CompletableFuture<Void> ending = CompletableFuture.runAsync(() -> run(() -> end.set(writer.end("end"))));
        await().until(() -> producer.history().size() == 1);
        assertThat(ending).isNotDone();

        producer.completeNext();

        ending.join();
        assertThat(end.get()).isEqualTo(new LogPosition(Topic.TURN_EVENTS, 0, 0));
        assertThatExceptionOfType(AttemptLost.class).isThrownBy(() -> writer.append("more"));
        writer.heartbeat(Duration.ZERO, () -> "heartbeat");
        assertThat(sent()).containsExactly("1 end");
        assertThat(stop.reason()).isEmpty();
    }

    @Test
    void whoSyncsWaitsForAllThatWasAppended() throws Exception {
        writer.append("a");
        writer.append("b");
        CompletableFuture<Void> synced = CompletableFuture.runAsync(() -> run(writer::sync));

        producer.completeNext();
        await().during(Duration.ofMillis(100)).until(() -> !synced.isDone());
        producer.completeNext();

        synced.join();
    }

    @Test
    void whoSyncsHearsOfAFailedSend() throws Exception {
        writer.append("a");
        assertThat(producer.errorNext(new TimeoutException("for a test"))).isTrue();

        assertThatExceptionOfType(AttemptLost.class).isThrownBy(writer::sync);
    }

    @Test
    void appendsWaitWhileTheLogTakesLessThanItIsGiven() throws Exception {
        String large = "x".repeat(AttemptWriter.MAX_IN_FLIGHT_BYTES / 2);
        writer.append(large);
        writer.append(large);
        CompletableFuture<Void> third = CompletableFuture.runAsync(() -> run(() -> writer.append("third")));

        await().during(Duration.ofMillis(100)).until(() -> producer.history().size() == 2);
        writer.heartbeat(Duration.ZERO, () -> "heartbeat");
        assertThat(producer.history()).hasSize(2);
        producer.completeNext();

        third.join();
        assertThat(producer.history()).hasSize(3);
    }

    @Test
    void anAppendThatWaitsEndsWhenTheAttemptIsLost() throws Exception {
        writer.append("x".repeat(AttemptWriter.MAX_IN_FLIGHT_BYTES));
        CompletableFuture<Void> waiting = CompletableFuture.runAsync(() -> run(() -> writer.append("second")));

        producer.errorNext(new TimeoutException("for a test"));

        assertThat(waiting)
                .failsWithin(Duration.ofSeconds(5))
                .withThrowableThat()
                .havingRootCause()
                .isInstanceOf(TimeoutException.class);
        assertThat(producer.history()).hasSize(1);
    }

    private interface Append {
        void run() throws AttemptLost;
    }

    private static void run(Append append) {
        try {
            append.run();
        } catch (AttemptLost e) {
            throw new IllegalStateException(e);
        }
    }

    private List<String> sent() {
        return producer.history().stream()
                .map(record -> new String(record.value(), StandardCharsets.UTF_8))
                .toList();
    }
}
