package io.tailrace.coordinator.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.coordinator.decide.PartitionClock;
import io.tailrace.coordinator.topology.PartitionProgress.TopicProgress;
import io.tailrace.events.id.EventId;
import io.tailrace.events.log.Topic;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class WorkerPartitionTest {
    private static final Instant START = Instant.parse("2026-11-29T10:00:00Z");

    private final WorkerPartition partition =
            new WorkerPartition(Topic.BUILD_EVENTS, 0, new TopicProgress(0, PartitionClock.START));

    @Test
    void ticksThatAreSentAndNotReadPutOffWhatBeginsNow() {
        partition.ticked(tick(100), START);
        for (int i = 0; i < 60; i++) {
            partition.tickSent(tick(i));
        }
        assertThat(ahead()).isEqualTo(Duration.ofMinutes(2));

        partition.ticked(tick(0), START.plusSeconds(1));
        partition.ticked(tick(1), START.plusSeconds(2));

        assertThat(partition.snapshot().clock()).isEqualTo(Duration.ofSeconds(2));
        assertThat(ahead()).isEqualTo(Duration.ofSeconds(116));
    }

    @Test
    void ticksThatNeverReachedTheLogAreForgotten() {
        for (int i = 0; i < 5000; i++) {
            partition.tickSent(tick(i));
        }
        partition.ticked(tick(4999), START);

        assertThat(ahead()).isZero();
    }

    @Test
    void ticksOfOthersMoveTheClockAlone() {
        partition.tickSent(tick(1));
        partition.ticked(tick(100), START);
        partition.ticked(tick(101), START.plusSeconds(1));

        assertThat(partition.snapshot().clock()).isEqualTo(Duration.ofSeconds(1));
        assertThat(ahead()).isEqualTo(Duration.ofSeconds(2));
    }

    private Duration ahead() {
        return partition.snapshot().sentClock().minus(partition.snapshot().clock());
    }

    private static EventId tick(int number) {
        return EventId.of(new UUID(7, number));
    }
}
