package io.tailrace.gateway.runs;

import io.tailrace.events.id.RunId;
import io.tailrace.events.kafka.KafkaRecords;
import io.tailrace.events.run.RunView;
import io.tailrace.gateway.decision.DecisionWatch;
import io.tailrace.gateway.problem.RunProblem;
import io.tailrace.gateway.readmodel.ReadModelProgress;
import io.tailrace.gateway.readmodel.ReadModelTail;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Answers whether there is such a run, and never 'no' too early. A run is unknown for certain only when all commands that
 * its partition had when the question came are decided, the facts of that show in the topic of views, and the catalogue
 * has read that topic up to the high watermark that it had then. This is the one place that says so. A run that the
 * catalogue has costs none of that. Blocks the caller, bounded; for virtual threads. Thread-safe.
 */
public final class RunDirectory {
    private final RunCatalogue catalogue;
    private final ReadModelTail tail;
    private final ReadModelProgress progress;
    private final DecisionWatch decisions;
    private final int partitions;
    private final Duration catchUpWithin;

    RunDirectory(
            RunCatalogue catalogue,
            ReadModelTail tail,
            DecisionWatch decisions,
            int partitions,
            Duration catchUpWithin) {
        this.catalogue = catalogue;
        this.tail = tail;
        this.progress = tail.progress();
        this.decisions = decisions;
        this.partitions = partitions;
        this.catchUpWithin = catchUpWithin;
    }

    /**
     * The run's current view.
     *
     * @throws RunProblem {@code unknown_run}; {@code decision_pending} while it can still come, because commands wait for
     *     a decision; {@code catalogue_behind} if neither could be made sure of in time
     */
    public RunView require(RunId run) throws InterruptedException {
        return require(run, catchUpWithin);
    }

    /**
     * The run's current view, waited for while commands of its partition are being decided.
     *
     * @throws RunProblem as {@link #require(RunId)}
     */
    public RunView require(RunId run, Duration atMost) throws InterruptedException {
        Optional<RunView> found = findDecided(run, atMost);
        if (found.isPresent()) {
            return found.get();
        }
        throw RunProblem.decisionPending("There is a run " + run + " if it is among what waits for a decision. "
                + decisions
                        .waitingFor(KafkaRecords.partitionOf(run, partitions))
                        .detail());
    }

    /**
     * The run's current view; empty while it is not certain that there is no such run, because commands of its partition
     * wait for a decision still. Waits for them, unless nobody decides.
     *
     * @throws RunProblem {@code unknown_run}, or {@code catalogue_behind} if the log does not say
     */
    public Optional<RunView> findDecided(RunId run, Duration atMost) throws InterruptedException {
        Optional<RunView> shown = lookUp(run);
        if (shown.isPresent()) {
            return shown;
        }
        return switch (decisions.awaitDecided(KafkaRecords.partitionOf(run, partitions), atMost)) {
            case DECIDED -> Optional.of(lookUp(run).orElseThrow(() -> RunProblem.unknownRun(run)));
            case UNDECIDED -> catalogue.find(run);
            case UNKNOWN -> throw RunProblem.catalogueBehind();
        };
    }

    /**
     * The run's current view with the highest offset that it is known to have reached, which is near the log's end while the
     * coordinator is at work, however long ago the run had an event.
     *
     * @throws RunProblem as {@link #require(RunId)}
     */
    public KnownRun requireKnown(RunId run) throws InterruptedException {
        RunView view = require(run);
        int partition = KafkaRecords.partitionOf(run, partitions);
        long projected = decisions.projectedBelow(partition);
        if (projected > view.lastOffset() && tail.catchUp(partition, catchUpWithin)) {
            // It was asked first how far the views in the log are, and then all of them were read.
            RunView now = catalogue.find(run).orElse(view);
            return new KnownRun(now, Math.max(projected, now.lastOffset() + 1));
        }
        return new KnownRun(view, view.lastOffset() + 1);
    }

    /** Waits until this gateway has seen the run; empty if it did not appear in time. */
    public Optional<RunView> await(RunId run, Duration atMost) throws InterruptedException {
        return catalogue.await(run, _ -> true, atMost);
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
     * The run's current view; empty if the log has none. A run that is not decided yet has none either.
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
