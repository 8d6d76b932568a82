package io.tailrace.coordinator.topology;

import io.tailrace.coordinator.decide.PartitionClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/** What a partition's tick clock showed at moments of the past, told from its ticks and from what it shows now. */
final class TickTimes {
    private final TreeMap<Instant, Duration> elapsed = new TreeMap<>();
    private final Duration now;
    private PartitionClock counted = PartitionClock.START;

    /** @param now what the clock shows after the last tick that is given */
    TickTimes(Duration now) {
        this.now = now;
    }

    void tick(Instant at) {
        counted = counted.ticked(at);
        elapsed.put(at, counted.elapsed());
    }

    /** What lies before the first tick that is known counts as one tick at the most: it may have been an outage. */
    Duration at(Instant moment) {
        Map.Entry<Instant, Duration> before = elapsed.floorEntry(moment);
        Duration back = before != null
                ? counted.elapsed().minus(before.getValue())
                : counted.elapsed().plus(untilTheFirst(moment));
        return back.compareTo(now) > 0 ? Duration.ZERO : now.minus(back);
    }

    private Duration untilTheFirst(Instant moment) {
        if (elapsed.isEmpty()) {
            return Duration.ZERO;
        }
        Duration until = Duration.between(moment, elapsed.firstKey());
        return until.compareTo(PartitionClock.LONGEST_STEP) > 0 ? PartitionClock.LONGEST_STEP : until;
    }
}
