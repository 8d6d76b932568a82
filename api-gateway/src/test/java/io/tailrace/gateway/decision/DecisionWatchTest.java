package io.tailrace.gateway.decision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tailrace.gateway.decision.DecisionWatch.Certainty;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How often the log is looked at, whatever the speed of the machine: a look ends when this test lets it. */
class DecisionWatchTest {
    private static final int QUESTIONS = 2_000;
    private static final Duration LONG = Duration.ofMinutes(1);

    private final HeldLooks looks = new HeldLooks();

    @Test
    void whoAsksDuringALookSharesTheNextOne() throws Exception {
        AtomicReferenceArray<Certainty> answers = new AtomicReferenceArray<>(QUESTIONS);
        try (DecisionWatch watch = new DecisionWatch(looks, new Standstill(Duration.ofSeconds(5)))) {
            watch.start();
            await().atMost(LONG).until(() -> looks.begun.get() == 1);
            assertThat(watch.projectedBelow(0)).as("nothing is known yet").isZero();
            List<Thread> asking = IntStream.range(0, QUESTIONS)
                    .mapToObj(i -> Thread.ofVirtual().start(() -> answers.set(i, ask(watch))))
                    .toList();
            await().atMost(LONG)
                    .until(() -> asking.stream().allMatch(it -> it.getState() == Thread.State.TIMED_WAITING));

            looks.ends.release(2);

            for (Thread each : asking) {
                assertThat(each.join(LONG)).as("two looks are enough").isTrue();
            }
            assertThat(looks.ends.availablePermits()).isZero();
            assertThat(watch.projectedBelow(0)).isEqualTo(3);
        }
        assertThat(IntStream.range(0, QUESTIONS).mapToObj(answers::get)).containsOnly(Certainty.DECIDED);
    }

    private static Certainty ask(DecisionWatch watch) {
        try {
            return watch.awaitDecided(0, LONG.multipliedBy(2));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Each look takes until it is allowed to end. */
    private static final class HeldLooks implements DecisionWatch.Looks {
        final AtomicInteger begun = new AtomicInteger();
        final Semaphore ends = new Semaphore(0);

        @Override
        public List<PartitionLook> look() throws InterruptedException {
            begun.incrementAndGet();
            ends.acquire();
            return List.of(new PartitionLook(7, 7, 3, 3, false, Optional.empty()));
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }
}
