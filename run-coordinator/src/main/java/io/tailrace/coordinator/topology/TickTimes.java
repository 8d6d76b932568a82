package io.tailrace.coordinator.topology;

import io.tailrace.coordinator.decide.PartitionClock;
import java.time.Duration;
import java.time.Instant;
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

    /** Before the first tick that is known the clock is taken to have gone like any other. */
    Duration at(Instant moment) {
        var before = elapsed.floorEntry(moment);
        Duration back = before != null
                ? counted.elapsed().minus(before.getValue())
                : counted.elapsed()
                        .plus(elapsed.isEmpty() ? Duration.ZERO : Duration.between(moment, elapsed.firstKey()));
        return back.compareTo(now) > 0 ? Duration.ZERO : now.minus(back);
    }
}
