package io.tailrace.coordinator.decide;

import io.tailrace.events.id.AvroName;
import io.tailrace.events.run.Usage;
import java.util.Optional;

/**
 * The totals of a run, without its open stage.
 *
 * @param sequence the sequence of the last event with a number that is known
 * @param stages how many stages were requested
 * @param attempts how many attempts were dispatched, over all stages
 * @param lines how many console lines the finished stages have
 * @param usage what the provider calls of the finished stages took, where any said so
 */
@AvroName(namespace = "io.tailrace.coordinator.decide", name = "Tally")
public record RunTotals(long sequence, int stages, int attempts, long lines, Optional<Usage> usage) {
    static final RunTotals ZERO = new RunTotals(0, 0, 0, 0, Optional.empty());

    RunTotals at(long newSequence) {
        return new RunTotals(newSequence, stages, attempts, lines, usage);
    }

    RunTotals withStage() {
        return new RunTotals(sequence, stages + 1, attempts + 1, lines, usage);
    }

    RunTotals withAttempt() {
        return new RunTotals(sequence, stages, attempts + 1, lines, usage);
    }

    RunTotals withLines(long more) {
        return new RunTotals(sequence, stages, attempts, lines + more, usage);
    }

    RunTotals withStageEnd(long moreLines, Optional<Usage> moreUsage) {
        return new RunTotals(
                sequence,
                stages,
                attempts,
                lines + moreLines,
                moreUsage.map(it -> usage.orElse(Usage.NONE).plus(it)).or(() -> usage));
    }
}
