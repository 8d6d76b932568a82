package io.tailrace.coordinator.topology;

import io.tailrace.events.log.Topic;
import java.time.Instant;
import java.util.Optional;

/** A log that has all that was ever read of it, or has lost its end or its beginning. */
final class WholeLog implements InputPositions {
    private long start;
    private long end = Long.MAX_VALUE;

    void cut(long at) {
        end = at;
    }

    void trim(long upTo) {
        start = upTo;
    }

    @Override
    public Bounds bounds(Topic topic, int partition) {
        return new Bounds(start, end);
    }

    @Override
    public Optional<Spot> appendedFrom(Topic topic, int partition, Instant at) {
        return Optional.of(new Spot(0, at));
    }

    @Override
    public void readFrom(Topic topic, int partition, long offset) {}
}
