package io.tailrace.gateway.decision;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What a gateway knows of the coordinator's work, as of the last time it looked. Immutable.
 *
 * @param partitions one look each, by number
 * @param stalled whether the partition has waited too long with nothing being decided, by number
 * @param failure why the log did not say; the rest is then what it said last
 */
public record DecisionReport(List<PartitionLook> partitions, List<Boolean> stalled, Optional<String> failure) {
    public DecisionReport {
        partitions = List.copyOf(partitions);
        stalled = List.copyOf(stalled);
        if (partitions.size() != stalled.size()) {
            throw new IllegalArgumentException("not as many verdicts as partitions");
        }
    }

    static DecisionReport notYet() {
        return new DecisionReport(List.of(), List.of(), Optional.of("not asked yet"));
    }

    DecisionReport failed(String reason) {
        return new DecisionReport(partitions, stalled, Optional.of(reason));
    }

    /** Whether it is not known what waits. */
    public boolean isUnknown() {
        return failure.isPresent();
    }

    /** How many commands wait for a decision. */
    public long undecided() {
        return partitions.stream().mapToLong(PartitionLook::undecided).sum();
    }

    /** Since when the command waits that waits longest; empty if none does or that is not known. */
    public Optional<Instant> oldest() {
        return partitions.stream().flatMap(it -> it.oldest().stream()).min(Comparator.naturalOrder());
    }

    /** How long the oldest command has waited; empty if none does or that is not known. */
    public Optional<Duration> oldestAge(Instant now) {
        return oldest().map(it -> Duration.between(it, now)).map(it -> it.isNegative() ? Duration.ZERO : it);
    }

    /** Whether somewhere nobody seems to decide. */
    public boolean isStalled() {
        return stalled.contains(true);
    }

    boolean isStalled(int partition) {
        return stalled.get(partition);
    }

    /** In one sentence for people. */
    public String sentence(Instant now) {
        if (failure.isPresent()) {
            return "It is not known how far commands are decided: " + failure.get() + ".";
        }
        if (undecided() == 0 && !isStalled()) {
            return "Every command is decided.";
        }
        String waiting = undecided() == 1 ? "1 command waits" : undecided() + " commands wait";
        String since = oldestAge(now)
                .map(it -> ", the oldest for " + it.toSeconds() + " s")
                .orElse("");
        return (isStalled() ? "Nobody decides at the moment: " : "The coordinator is at work: ") + waiting + since
                + ".";
    }
}
