package io.tailrace.local.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BackOffTest {

    private final BackOff backOff = new BackOff();

    @Test
    void doublesUpToABound() {
        assertThat(Stream.generate(() -> backOff.afterEnd(Duration.ofSeconds(3)))
                        .limit(9))
                .extracting(Duration::toSeconds)
                .containsExactly(1L, 2L, 4L, 8L, 16L, 32L, 60L, 60L, 60L);
        assertThat(backOff.failuresInARow()).isEqualTo(9);
    }

    @Test
    void staysAtTheBoundHoweverLongItGoesOn() {
        for (int i = 0; i < 5_000; i++) {
            backOff.afterEnd(Duration.ZERO);
        }
        assertThat(backOff.afterEnd(Duration.ZERO)).isEqualTo(BackOff.LONGEST);
    }

    @Test
    void beginsAnewAfterItRanWellForAWhile() {
        backOff.afterEnd(Duration.ZERO);
        backOff.afterEnd(Duration.ZERO);

        assertThat(backOff.afterEnd(BackOff.WELL_AFTER)).isEqualTo(BackOff.FIRST);
        assertThat(backOff.failuresInARow()).isEqualTo(1);
    }
}
