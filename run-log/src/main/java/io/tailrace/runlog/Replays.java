package io.tailrace.runlog;

import io.tailrace.events.id.RunId;
import io.tailrace.events.reading.RunReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** The replays of one run. A reader that is behind joins one that is about where it is, or begins its own. Thread-safe. */
final class Replays {
    /** How many events a replay may be behind a reader that joins it and reads them once more. */
    private static final int NEAR = 4096;

    private final RunId run;
    private final LogSource source;
    private final RunLogLimits limits;
    private final AtomicInteger inAll;
    private final LogMeters meters;
    private final List<Replay> open = new ArrayList<>();

    /** @param inAll how many replays there are of all runs */
    Replays(RunId run, LogSource source, RunLogLimits limits, AtomicInteger inAll, LogMeters meters) {
        this.run = run;
        this.source = source;
        this.limits = limits;
        this.inAll = inAll;
        this.meters = meters;
    }

    /** A replay that has what comes after a position, or soon will. */
    Optional<Replay> shared(long position) {
        List<Replay> candidates;
        synchronized (open) {
            candidates = List.copyOf(open);
        }
        for (Replay replay : candidates) {
            if (replay.join(position, NEAR)) {
                return Optional.of(replay);
            }
        }
        return Optional.empty();
    }

    /** A new replay with one reader. */
    Replay begin(RunReader reader) {
        inAll.incrementAndGet();
        Replay replay =
                new Replay(new RunScan(run, reader, source), () -> limits.chunkBytes(inAll.get()), meters::replayed);
        synchronized (open) {
            open.add(replay);
        }
        return replay;
    }

    /** How many there are of this run. */
    int count() {
        synchronized (open) {
            return open.size();
        }
    }

    /** A reader leaves its replay; without readers it is gone. */
    void leave(Replay replay) {
        if (replay.leave() == 0) {
            synchronized (open) {
                open.remove(replay);
            }
            inAll.decrementAndGet();
        }
    }
}
