package io.tailrace.turn.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;
import static org.awaitility.Awaitility.await;

import io.tailrace.events.stage.TurnFact;
import io.tailrace.events.stage.TurnFact.Delta;
import io.tailrace.events.stage.TurnFact.DeltaKind;
import io.tailrace.turn.provider.ModelDelta;
import io.tailrace.worker.attempt.AttemptLost;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DeltaWindowTest {
    private static final Duration WINDOW = Duration.ofMillis(200);

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final SaidFacts log = new SaidFacts();
    private final DeltaWindow window = new DeltaWindow(log, WINDOW, timer, () -> 0);

    @AfterEach
    void end() {
        timer.shutdownNow();
    }

    @Test
    void theFirstDeltaIsNeverDelayed() throws Exception {
        window.add(new ModelDelta.Text("a"));

        assertThat(log.text()).isEqualTo("a");
    }

    @Test
    void whatComesWithinTheWindowIsOneDeltaOfOneRecord() throws Exception {
        CountDownLatch late = new CountDownLatch(1);
        timer.execute(() -> wait(late));
        for (String token : List.of("a", "b", "c", "d")) {
            window.add(new ModelDelta.Text(token));
        }
        assertThat(log.text()).isEqualTo("a");
        late.countDown();

        await().atMost(Duration.ofSeconds(60)).until(() -> log.text().equals("abcd"));
        assertThat(log.of(TurnFact.ModelDelta.class)).hasSize(2);
        assertThat(log.of(TurnFact.ModelDelta.class).getLast().deltas()).hasSize(1);
    }

    @Test
    void aDeltaAfterAPauseIsNotDelayedEither() throws Exception {
        long[] now = {0};
        DeltaWindow slow = new DeltaWindow(log, WINDOW, timer, () -> now[0]);
        slow.add(new ModelDelta.Text("a"));
        now[0] = WINDOW.toNanos();
        slow.add(new ModelDelta.Text("b"));

        assertThat(log.text()).isEqualTo("ab");
    }

    private static void wait(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void kindsStayApartAndInTheirOrder() throws Exception {
        window.add(new ModelDelta.Text("a"));
        window.add(new ModelDelta.Reasoning("r"));
        window.add(new ModelDelta.Reasoning("s"));
        window.add(new ModelDelta.Text("b"));
        window.add(new ModelDelta.ToolCall(0, "c1", "look", "{"));
        window.add(new ModelDelta.ToolCall(0, "c1", "look", "}"));
        window.add(new ModelDelta.ToolCall(1, "c2", "look", "{}"));
        window.flush();

        assertThat(log.of(TurnFact.ModelDelta.class).getLast().deltas())
                .extracting(Delta::kind, Delta::text)
                .containsExactly(
                        tuple(DeltaKind.REASONING, "rs"),
                        tuple(DeltaKind.TEXT, "b"),
                        tuple(DeltaKind.TOOL_CALL, "{}"),
                        tuple(DeltaKind.TOOL_CALL, "{}"));
    }

    @Test
    void aTextThatIsLargerThanARecordComesInSeveral() throws Exception {
        String large = "😀".repeat(DeltaWindow.MAX_CHARACTERS);
        window.add(new ModelDelta.Text("a"));
        window.add(new ModelDelta.Text(large));
        window.flush();

        assertThat(log.text()).isEqualTo("a" + large);
        assertThat(log.of(TurnFact.ModelDelta.class))
                .allSatisfy(it -> assertThat(it.deltas().stream()
                                .mapToInt(delta -> delta.text().length())
                                .sum())
                        .isLessThanOrEqualTo(DeltaWindow.MAX_CHARACTERS));
    }

    @Test
    void aLossThatTheTimerSawIsToldToTheNextCaller() throws Exception {
        log.losingAfter(1);
        window.add(new ModelDelta.Text("a"));
        window.add(new ModelDelta.Text("b"));

        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThatThrownBy(() -> window.add(new ModelDelta.Text("c")))
                        .isInstanceOf(AttemptLost.class));
    }
}
