package io.tailrace.coordinator.topology;

import io.tailrace.events.log.Topic;
import java.time.Instant;
import java.util.Optional;

/** A log that has all that was ever read of it. */
final class WholeLog implements InputPositions {
    @Override
    public Bounds bounds(Topic topic, int partition) {
        return new Bounds(0, Long.MAX_VALUE);
    }

    @Override
    public Optional<Spot> appendedFrom(Topic topic, int partition, Instant at) {
        return Optional.of(new Spot(0, at));
    }

    @Override
    public void readFrom(Topic topic, int partition, long offset) {}
}
