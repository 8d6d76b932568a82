package io.tailrace.gateway.readmodel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** How often the brokers are asked, whatever the speed of the machine: this test gives the answers. */
class HighWatermarksTest {
    private static final int QUESTIONS = 2_000;

    private final Deque<CompletableFuture<long[]>> asked = new ArrayDeque<>();
    private final HighWatermarks marks = new HighWatermarks(() -> {
        CompletableFuture<long[]> answer = new CompletableFuture<>();
        asked.add(answer);
        return answer;
    });

    private List<CompletableFuture<long[]>> ask(int count) {
        return Stream.generate(marks::fromNowOn).limit(count).toList();
    }

    @Test
    void whoComesDuringAQuestionSharesTheNextOne() {
        CompletableFuture<long[]> first = marks.fromNowOn();
        List<CompletableFuture<long[]>> others = ask(QUESTIONS);
        assertThat(asked).hasSize(1);

        asked.remove().complete(new long[] {1});

        assertThat(first).isCompletedWithValueMatching(it -> it[0] == 1);
        assertThat(others).as("the answer is older than their question").noneMatch(CompletableFuture::isDone);
        assertThat(asked).hasSize(1);
        asked.remove().complete(new long[] {2});
        assertThat(others).allSatisfy(it -> assertThat(it).isCompletedWithValueMatching(all -> all[0] == 2));
        assertThat(asked).isEmpty();
    }

    @Test
    void afterAFailureItIsAskedAgain() {
        CompletableFuture<long[]> first = marks.fromNowOn();
        CompletableFuture<long[]> second = marks.fromNowOn();

        asked.remove().completeExceptionally(new IllegalStateException("for a test"));

        assertThat(first).isCompletedExceptionally();
        asked.remove().complete(new long[] {3});
        assertThat(second).isCompletedWithValueMatching(it -> it[0] == 3);
        CompletableFuture<long[]> third = marks.fromNowOn();
        asked.remove().complete(new long[] {4});
        assertThat(third).isCompletedWithValueMatching(it -> it[0] == 4);
    }
}
