package io.tailrace.gateway.runs;

import io.tailrace.events.id.RunId;
import io.tailrace.events.kafka.KafkaRecords;
import io.tailrace.events.reading.RunCursor;
import io.tailrace.events.run.RunView;
import io.tailrace.gateway.problem.RunProblem;
import io.tailrace.gateway.readmodel.ReadModelProgress;
import io.tailrace.gateway.readmodel.ReadModelTail;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;

/**
 * Answers whether there is such a run, and never 'no' too early: an unknown run is unknown only when the catalogue has
 * read everything up to the high watermark that the run's partition of the topic of views had when the question came.
 * Blocks the caller, bounded; for virtual threads. Thread-safe.
 */
public final class RunDirectory {
    private static final Duration EPOCH_CHECK = Duration.ofMillis(250);

    private final RunCatalogue catalogue;
    private final ReadModelTail tail;
    private final ReadModelProgress progress;
    private final int partitions;
    private final Duration catchUpWithin;

    RunDirectory(RunCatalogue catalogue, ReadModelTail tail, int partitions, Duration catchUpWithin) {
        this.catalogue = catalogue;
        this.tail = tail;
        this.progress = tail.progress();
        this.partitions = partitions;
        this.catchUpWithin = catchUpWithin;
    }

    /**
     * The run's current view.
     *
     * @throws RunProblem {@code unknown_run}, or {@code catalogue_behind} if that could not be made sure of in time
     */
    public RunView require(RunId run) throws InterruptedException {
        return lookUp(run).orElseThrow(() -> RunProblem.unknownRun(run));
    }

    /**
     * The run's view once it fulfils a condition, or its current one if it does not in time. The condition must be quick
     * and must not block.
     *
     * @throws RunProblem as {@link #require(RunId)}
     */
    public RunView require(RunId run, Predicate<RunView> wanted, Duration atMost) throws InterruptedException {
        RunView now = require(run);
        return wanted.test(now)
                ? now
                : catalogue
                        .await(run, wanted, atMost)
                        .or(() -> catalogue.find(run))
                        .orElse(now);
    }

    /**
     * The run's current view; empty if there is surely no such run.
     *
     * @throws RunProblem {@code catalogue_behind} if that could not be made sure of in time
     */
    public Optional<RunView> lookUp(RunId run) throws InterruptedException {
        Optional<RunView> known = catalogue.find(run);
        if (known.isPresent()) {
            return known;
        }
        if (!tail.catchUp(KafkaRecords.partitionOf(run, partitions), catchUpWithin)) {
            throw RunProblem.catalogueBehind();
        }
        return catalogue.find(run);
    }

    /**
     * The current view of a run that a cursor of this log was given out for: there is such a run, or there will be, as
     * soon as a coordinator has decided its recorded creation. Waits for it that long at the most. A cursor of another
     * log proves nothing: then this is {@link #require(RunId)}, also when the log becomes another one while this waits.
     *
     * @throws RunProblem {@code decision_pending} if the run did not appear in time
     */
    public RunView requirePromised(RunId run, RunCursor cursor, Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (progress.epoch().equals(OptionalLong.of(cursor.epoch()))) {
            long rest = deadline - System.nanoTime();
            if (rest <= 0) {
                throw RunProblem.decisionPending(run);
            }
            Optional<RunView> seen =
                    catalogue.await(run, _ -> true, Duration.ofNanos(Math.min(rest, EPOCH_CHECK.toNanos())));
            if (seen.isPresent()) {
                return seen.get();
            }
        }
        return require(run);
    }

    /**
     * The list of runs.
     *
     * @throws RunProblem {@code catalogue_loading} if the catalogue was not read in time after the start
     */
    public RunPage page(RunFilter filter, Optional<PageKey> after, int limit) throws InterruptedException {
        if (!progress.awaitLoaded(catchUpWithin)) {
            throw RunProblem.catalogueLoading();
        }
        return catalogue.page(filter, after, limit);
    }

    /** Whether the catalogue has read all that was there when it began. */
    public boolean loaded() {
        return progress.loaded();
    }

    /** Waits until the catalogue has read all that was there when it began; false if the time was up before. */
    public boolean awaitLoaded(Duration atMost) throws InterruptedException {
        return progress.awaitLoaded(atMost);
    }

    /** Why the catalogue does not follow the log now; empty while it does. */
    public Optional<String> failure() {
        return progress.failure();
    }
}
