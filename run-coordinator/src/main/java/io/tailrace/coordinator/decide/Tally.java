package io.tailrace.coordinator.decide;

/**
 * What has been counted of a run, without the stage that is open.
 *
 * @param sequence the sequence of the last event with a number that is known
 * @param stages how many stages were requested
 * @param attempts how many attempts were dispatched, over all stages
 * @param lines how many console lines the finished stages have
 */
public record Tally(long sequence, int stages, int attempts, long lines) {
    static final Tally ZERO = new Tally(0, 0, 0, 0);

    Tally at(long newSequence) {
        return new Tally(newSequence, stages, attempts, lines);
    }

    Tally withStage() {
        return new Tally(sequence, stages + 1, attempts + 1, lines);
    }

    Tally withAttempt() {
        return new Tally(sequence, stages, attempts + 1, lines);
    }

    Tally withLines(long more) {
        return new Tally(sequence, stages, attempts, lines + more);
    }
}
