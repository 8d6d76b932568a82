package io.tailrace.coordinator.decide;

import io.tailrace.events.id.AvroName;
import io.tailrace.events.run.Usage;
import java.util.Optional;

/**
 * What has been counted of a run, without the stage that is open.
 *
 * @param sequence the sequence of the last event with a number that is known
 * @param stages how many stages were requested
 * @param attempts how many attempts were dispatched, over all stages
 * @param lines how many console lines the finished stages have
 * @param usage what the provider calls of the finished stages took, where any said so
 */
@AvroName(namespace = "io.tailrace.coordinator.decide")
public record Tally(long sequence, int stages, int attempts, long lines, Optional<Usage> usage) {
    static final Tally ZERO = new Tally(0, 0, 0, 0, Optional.empty());

    Tally at(long newSequence) {
        return new Tally(newSequence, stages, attempts, lines, usage);
    }

    Tally withStage() {
        return new Tally(sequence, stages + 1, attempts + 1, lines, usage);
    }

    Tally withAttempt() {
        return new Tally(sequence, stages, attempts + 1, lines, usage);
    }

    Tally withLines(long more) {
        return new Tally(sequence, stages, attempts, lines + more, usage);
    }

    Tally withStageEnd(long moreLines, Optional<Usage> moreUsage) {
        return new Tally(
                sequence,
                stages,
                attempts,
                lines + moreLines,
                moreUsage.map(it -> usage.orElse(Usage.NONE).plus(it)).or(() -> usage));
    }
}
