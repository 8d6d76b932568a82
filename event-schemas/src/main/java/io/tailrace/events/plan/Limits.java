package io.tailrace.events.plan;

import io.tailrace.events.id.AvroName;
import java.time.Duration;

/**
 * What keeps a run from hanging. Times are those of the log's ticks: an outage of the broker or of all coordinators does
 * not count.
 *
 * @param wallClock from the run's creation to its end; when it is spent the active stage is ended by force
 * @param stageDeadline from the start of a stage's first attempt to its end
 * @param queueDeadline how long a dispatched attempt may wait for a worker
 * @param maxAttempts how many attempts of a stage may be lost at the most; one that its worker gave back in order is not
 */
@AvroName(namespace = "io.tailrace.events.plan")
public record Limits(Duration wallClock, Duration stageDeadline, Duration queueDeadline, int maxAttempts) {
    /** What a run gets that asks for nothing else. */
    public static final Limits DEFAULT = new Limits(Duration.ofHours(6), Duration.ofHours(2), Duration.ofHours(1), 5);

    /** The longest queue deadline that can be asked for: workers drop requests that are older. */
    public static final Duration MAX_QUEUE_DEADLINE = Duration.ofHours(1);

    /** The longest wall clock that can be asked for. */
    public static final Duration MAX_WALL_CLOCK = Duration.ofDays(7);
}
