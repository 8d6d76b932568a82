package io.tailrace.gateway.cursor;

import io.tailrace.events.reading.CheckpointRef;
import io.tailrace.events.reading.PlacesCheckpoint;
import io.tailrace.gateway.problem.RunProblem;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The checkpoints of streams of many runs, in the log. Thread-safe. */
public interface Checkpoints {
    /**
     * What stands in the log.
     *
     * @param places what it says
     * @param writtenAt by the broker's clock
     */
    record Stored(PlacesCheckpoint places, Instant writtenAt) {}

    /** Begins to write one, and never blocks. Completed exceptionally if the log has not taken it, or not surely. */
    CompletableFuture<CheckpointRef> write(byte[] checkpoint);

    /**
     * Reads one; nothing if there is none any more, or what stands there is another, or of a later release. Blocks, bounded.
     *
     * @throws RunProblem {@code log_unreadable} if the log does not say
     */
    Optional<Stored> read(CheckpointRef ref) throws InterruptedException;
}
