package io.tailrace.gateway.definition;

import io.tailrace.gateway.problem.RunProblem;
import io.tailrace.gateway.readmodel.ReadModelTail;
import java.time.Duration;
import java.util.Optional;

/**
 * How far the definitions have been read. What is asked of a feature's model after {@link #catchUp} is at least as new as
 * the question. Blocks the caller, bounded; for virtual threads. Thread-safe.
 */
public final class Definitions {
    private static final int PARTITION = 0;

    private final ReadModelTail tail;
    private final Duration within;

    Definitions(ReadModelTail tail, Duration within) {
        this.tail = tail;
        this.within = within;
    }

    /**
     * Waits until the models have all that the log has now.
     *
     * @throws RunProblem {@code catalogue_behind} if the time was up before
     */
    public void catchUp() throws InterruptedException {
        if (!tail.catchUp(PARTITION, within)) {
            throw RunProblem.catalogueBehind();
        }
    }

    /**
     * Waits until the models have everything before this offset.
     *
     * @throws RunProblem {@code catalogue_behind} if the time was up before
     */
    public void awaitOffset(long offset) throws InterruptedException {
        if (!tail.progress().awaitOffset(PARTITION, offset, within)) {
            throw RunProblem.catalogueBehind();
        }
    }

    /** Why definitions cannot be answered at present; empty while they can. */
    public Optional<String> fault() {
        return tail.progress()
                .failure()
                .or(() -> tail.progress().loaded()
                        ? Optional.empty()
                        : Optional.of("still reading the topic of definitions"));
    }
}
