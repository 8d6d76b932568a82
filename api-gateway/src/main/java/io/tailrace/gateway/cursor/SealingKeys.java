package io.tailrace.gateway.cursor;

import io.tailrace.events.reading.CursorKey;
import io.tailrace.gateway.problem.RunProblem;
import java.util.Optional;

/** The keys of cursors. Thread-safe. */
interface SealingKeys {
    /**
     * The key that seals. Never blocks.
     *
     * @throws RunProblem {@code catalogue_behind} as long as there is none
     */
    CursorKey sealing();

    /**
     * The key of this id; nothing if there is none. Blocks, bounded, for one that another gateway has just written.
     *
     * @throws RunProblem {@code catalogue_behind} if the keys of the log cannot be read
     */
    Optional<CursorKey> named(int id) throws InterruptedException;
}
