package io.tailrace.coordinator.decide;

import io.tailrace.events.log.EventHeaders;
import io.tailrace.events.log.LogPosition;
import io.tailrace.events.run.RunEvent;
import java.time.Duration;
import java.time.Instant;

/** One entry of a run's journal: its state is what its changes make of it, in order, live and replayed alike. */
public sealed interface Change {

    /**
     * The coordinator emits a lifecycle event.
     *
     * @param clock when waits for a reaction to it start ({@link PartitionSnapshot#sentClock()})
     */
    record Emitted(RunEvent event, Duration clock) implements Change {}

    /**
     * A record of the open stage counts.
     *
     * @param at when the broker appended it
     * @param clock what the tick clock showed when it was read
     */
    record Counted(long offset, Instant at, Duration clock, EventHeaders headers) implements Change {}

    /** A turn was accepted: where its command lies. Follows the fact that says so. */
    record TurnAccepted(PendingTurn turn) implements Change {}

    /**
     * The active turn left a record that later contexts are made of.
     *
     * @param compacted how many of the turns before, the oldest, the record sums up
     */
    record TurnRecorded(long offset, int compacted) implements Change {}

    /**
     * The work request of the dispatched attempt was sent once more.
     *
     * @param clock as of an emitted event
     */
    record RequestRepeated(Instant at, Duration clock) implements Change {}

    /** The topic of the open stage was made anew: what is still to come of the stage lies from here on. */
    record ChapterMoved(LogPosition from) implements Change {}
}
