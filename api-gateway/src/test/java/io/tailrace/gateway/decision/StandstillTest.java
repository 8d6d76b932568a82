package io.tailrace.gateway.decision;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What stands still is judged by commits alone, partition by partition. */
class StandstillTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final Standstill standstill = new Standstill(Duration.ofSeconds(5));

    private static PartitionLook look(long decided, long commands, boolean factsWait) {
        return new PartitionLook(decided, commands, 0, 0, factsWait, Optional.empty());
    }

    private boolean judge(long second, PartitionLook look) {
        return standstill.judge(List.of(look), second * SECOND).getFirst();
    }

    @Test
    void whoDoesNotMoveWhileCommandsWaitStandsStill() {
        assertThat(judge(0, look(3, 4, false))).isFalse();
        assertThat(judge(4, look(3, 9, false))).isFalse();
        assertThat(judge(5, look(3, 9, false))).isTrue();
        assertThat(judge(6, look(4, 9, false))).isFalse();
    }

    @Test
    void whoIsBehindAndMovesDoesNotStandStill() {
        for (int i = 0; i < 100; i++) {
            assertThat(judge(i * 4L, look(i, 1_000, false))).isFalse();
        }
    }

    @Test
    void timeInWhichNothingWaitedDoesNotCount() {
        assertThat(judge(0, look(3, 3, false))).isFalse();
        assertThat(judge(3600, look(3, 3, false))).isFalse();
        assertThat(judge(3601, look(3, 4, false))).isFalse();
        assertThat(judge(3606, look(3, 4, false))).isTrue();
    }

    @Test
    void factsThatNobodyShowsStandStillToo() {
        assertThat(judge(0, look(3, 3, true))).isFalse();
        assertThat(judge(5, look(3, 3, true))).isTrue();
    }

    @Test
    void onePartitionThatNobodyHasIsEnough() {
        List<PartitionLook> first = List.of(look(1, 9, false), look(1, 9, false));
        List<PartitionLook> then = List.of(look(5, 9, false), look(1, 9, false));
        assertThat(standstill.judge(first, 0)).containsExactly(false, false);
        assertThat(standstill.judge(then, 5 * SECOND)).containsExactly(false, true);
    }
}
