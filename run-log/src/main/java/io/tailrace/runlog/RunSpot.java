package io.tailrace.runlog;

import io.tailrace.events.id.RunId;
import io.tailrace.events.log.Topic;
import io.tailrace.events.reading.RunCursor;
import io.tailrace.events.run.RunView;
import java.util.Optional;

/**
 * Where a run is in the log, as far as the catalogue knows. A hint: whoever reads with it makes sure that the log says
 * the same.
 *
 * @param partition the run's partition in all topics that are keyed by run
 * @param firstOffset the offset of its first record in run-events
 * @param latest the last record of run-events that the catalogue knows the sequence of
 * @param ended whether that is the run's last record
 * @param chapters where its chapters are likely to lie, to be watched before the first is opened
 */
public record RunSpot(
        RunId run, int partition, long firstOffset, RunView.NumberedSpot latest, boolean ended, Topic chapters) {

    /** The spot of a run in the catalogue. */
    public static RunSpot of(RunView view) {
        return new RunSpot(
                view.runId(),
                view.partition(),
                view.firstOffset(),
                view.numbered(),
                view.status().isFinal(),
                view.plan().firstKind().events());
    }

    /** The cursor of the latest record that the catalogue knows. */
    RunCursor latestCursor(long epoch) {
        return new RunCursor(
                epoch,
                partition,
                run.check(),
                latest.offset(),
                Optional.empty(),
                latest.eventIdPrefix(),
                latest.sequence(),
                1);
    }

    /** What is known of the run when the log has become another one: nothing but where to look. */
    RunSpot inAnotherLog() {
        return new RunSpot(run, partition, 0, new RunView.NumberedSpot(0, 0, 0), false, chapters);
    }
}
