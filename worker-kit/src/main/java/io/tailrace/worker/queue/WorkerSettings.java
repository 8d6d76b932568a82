package io.tailrace.worker.queue;

import io.tailrace.events.id.WorkerId;
import java.time.Duration;

/**
 * How a worker takes part.
 *
 * @param id this life of the worker process
 * @param group the share group of all workers of this kind
 * @param slots how many stages it executes at the same time
 * @param requestLock how long the broker keeps a request for the worker that has it (longer where the broker insists): a claim
 *     is given up within three quarters of it, and a worker that is frozen with a request keeps it for so long
 * @param heartbeat the longest silence of an attempt
 * @param shutdownPatience how long a shutdown waits for its stages to stop
 */
public record WorkerSettings(
        WorkerId id, String group, int slots, Duration requestLock, Duration heartbeat, Duration shutdownPatience) {

    /** The settings that only tests have a reason to change, at their defaults. */
    public static WorkerSettings of(WorkerId id, String group, int slots) {
        return new WorkerSettings(
                id, group, slots, Duration.ofSeconds(15), Duration.ofMillis(1_500), Duration.ofSeconds(20));
    }

    /** Checks the bounds; {@code slots} is 1 to 1,000. */
    public WorkerSettings {
        if (slots < 1 || slots > 1_000) {
            throw new IllegalArgumentException("slots must be 1 to 1000, not " + slots);
        }
        if (!requestLock.isPositive() || !heartbeat.isPositive() || shutdownPatience.isNegative()) {
            throw new IllegalArgumentException("durations must be positive");
        }
    }
}
