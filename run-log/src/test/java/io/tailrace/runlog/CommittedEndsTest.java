package io.tailrace.runlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.internals.KafkaFutureImpl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CommittedEndsTest {
    private static final TopicPartition PARTITION = new TopicPartition("t", 3);

    private final List<KafkaFutureImpl<Long>> questions = new CopyOnWriteArrayList<>();
    private final CommittedEnds ends = new CommittedEnds(_ -> {
        KafkaFutureImpl<Long> answer = new KafkaFutureImpl<>();
        questions.add(answer);
        return answer;
    });

    @Test
    void whatIsKnownIsNotAskedAgain() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Boolean> first = threads.submit(() -> ends.reaches(PARTITION, 41));
            answer(0, 42);
            assertThat(first.get()).isTrue();
            assertThat(ends.reaches(PARTITION, 41)).isTrue();
            assertThat(questions).hasSize(1);

            Future<Boolean> beyond = threads.submit(() -> ends.reaches(PARTITION, 42));
            answer(1, 42);
            assertThat(beyond.get()).isFalse();

            ends.forget();
            Future<Boolean> ofAnotherLog = threads.submit(() -> ends.reaches(PARTITION, 41));
            answer(2, 7);
            assertThat(ofAnotherLog.get()).isFalse();
        }
    }

    @Test
    void manyWhoWaitShareTheirQuestions() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Boolean> first = threads.submit(() -> ends.reaches(PARTITION, 10));
            await().atMost(Reader.BOUND).until(() -> questions.size() == 1);
            List<Future<Boolean>> others = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                long offset = i;
                others.add(threads.submit(() -> ends.reaches(PARTITION, offset)));
            }
            await().during(Duration.ofMillis(100)).atMost(Reader.BOUND).until(() -> questions.size() == 1);
            answer(0, 50);
            assertThat(first.get()).isTrue();
            for (int i = 0; i < 100; i++) {
                assertThat(others.get(i).get()).isEqualTo(i < 50);
            }
        }
        assertThat(questions).hasSize(1);
    }

    @Test
    void aFailureIsToldAndTheNextOneAsksAgain() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Boolean> first = threads.submit(() -> ends.reaches(PARTITION, 10));
            await().atMost(Reader.BOUND).until(() -> questions.size() == 1);
            questions.getFirst().completeExceptionally(new TimeoutException("for a test"));
            assertThatThrownBy(first::get).hasCauseInstanceOf(LogUnreadable.class);
            Future<Boolean> second = threads.submit(() -> ends.reaches(PARTITION, 10));
            answer(1, 11);
            assertThat(second.get()).isTrue();
        }
    }

    private void answer(int question, long end) {
        await().atMost(Reader.BOUND).until(() -> questions.size() > question);
        questions.get(question).complete(end);
    }
}
