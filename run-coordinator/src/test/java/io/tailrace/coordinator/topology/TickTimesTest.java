package io.tailrace.coordinator.topology;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class TickTimesTest {
    private static final Instant START = Instant.parse("2026-11-29T10:00:00Z");

    private final TickTimes times = new TickTimes(Duration.ofMinutes(20));

    @Test
    void anOutageBeforeTheFirstTickThatIsKnownIsNoTime() {
        times.tick(START);
        times.tick(START.plusSeconds(1));

        assertThat(times.at(START.minus(Duration.ofHours(3)))).isEqualTo(Duration.ofSeconds(1200 - 3));
        assertThat(times.at(START.minusSeconds(1))).isEqualTo(Duration.ofSeconds(1200 - 2));
    }

    @Test
    void anOutageBetweenTicksIsNoTime() {
        times.tick(START);
        times.tick(START.plus(Duration.ofHours(3)));

        assertThat(times.at(START.plusSeconds(5))).isEqualTo(Duration.ofSeconds(1200 - 2));
    }

    @Test
    void withoutTicksEverythingIsNow() {
        assertThat(times.at(START)).isEqualTo(Duration.ofMinutes(20));
    }
}
