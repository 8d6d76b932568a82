package io.tailrace.coordinator.decide;

import io.tailrace.events.id.AvroName;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The tick clock of one partition of a worker topic: it adds what lies between two ticks of that partition, but at most
 * {@link #LONGEST_STEP}. So it stands still while there are no ticks (an outage of the broker or of every coordinator),
 * and silence measured by it is silence of the worker. Immutable.
 *
 * @param elapsed what it shows
 * @param lastTick when the broker appended the last tick
 */
@AvroName(namespace = "io.tailrace.coordinator.decide")
public record PartitionClock(Duration elapsed, Optional<Instant> lastTick) {
    /** The most that one tick adds. Ticks are a second apart. */
    public static final Duration LONGEST_STEP = Duration.ofSeconds(2);

    /** The clock of a partition that has had no tick. */
    public static final PartitionClock START = new PartitionClock(Duration.ZERO, Optional.empty());

    /** The clock after the partition's next tick. */
    public PartitionClock ticked(Instant tick) {
        Duration sinceLast = lastTick.map(it -> Duration.between(it, tick)).orElse(Duration.ZERO);
        Duration forward = sinceLast.isNegative() ? Duration.ZERO : sinceLast;
        Duration step = forward.compareTo(LONGEST_STEP) > 0 ? LONGEST_STEP : forward;
        return new PartitionClock(elapsed.plus(step), Optional.of(tick));
    }
}
