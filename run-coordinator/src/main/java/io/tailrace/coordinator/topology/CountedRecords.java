package io.tailrace.coordinator.topology;

import io.tailrace.coordinator.decide.ActiveStage;
import io.tailrace.coordinator.decide.RunState;
import io.tailrace.events.id.Attempt;
import io.tailrace.events.id.RunId;
import io.tailrace.events.log.EventHeaders;
import io.tailrace.events.log.Topic;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The last record that each stored state has counted of its stage in a topic, as far as it lies beyond the mark that the
 * topic is read from. The mark is as old as the last tick, the states are not: these records come again, unless the log
 * has lost them. Confined to the partition's stream thread.
 */
final class CountedRecords {
    private final TreeMap<Long, Last> byOffset = new TreeMap<>();

    private record Last(RunId run, Optional<Attempt> attempt, long sequence) {
        boolean is(Arrival arrival) {
            return arrival instanceof Arrival.OfStage(RunId of, EventHeaders headers, var _, var _)
                    && of.equals(run)
                    && headers.attempt().equals(attempt)
                    && headers.attemptSequence() == sequence;
        }
    }

    private CountedRecords() {}

    static CountedRecords none() {
        return new CountedRecords();
    }

    /** @param mark the offset that reading begins at */
    static CountedRecords of(Topic topic, long mark, PartitionRuns runs) {
        CountedRecords counted = new CountedRecords();
        for (RunId run : runs.activeRuns(topic)) {
            if (runs.active(run).orElse(null) instanceof RunState.Open open
                    && open.stage().chapter().lastOffset() >= mark) {
                ActiveStage stage = open.stage();
                counted.byOffset.put(
                        stage.chapter().lastOffset(),
                        new Last(
                                run,
                                stage.holding().fence().holder().map(it -> it.attempt()),
                                stage.holding().fence().lastSequence()));
            }
        }
        return counted;
    }

    boolean isEmpty() {
        return byOffset.isEmpty();
    }

    /** What retention has taken does not come again. */
    void forgetBefore(long start) {
        byOffset.headMap(start).clear();
    }

    /** Whether one of them lies where a log has nothing that ends at this offset. */
    boolean goBeyond(long end) {
        return !byOffset.isEmpty() && byOffset.lastKey() >= end;
    }

    /**
     * Takes note of the next record of the topic.
     *
     * @return whether one that had counted is known to be lost by it; true once
     */
    boolean isOneLost(long offset, Arrival arrival) {
        if (byOffset.isEmpty() || byOffset.firstKey() > offset) {
            return false;
        }
        Last last = byOffset.remove(offset);
        boolean lost =
                last == null || !last.is(arrival) || !byOffset.headMap(offset).isEmpty();
        if (lost) {
            byOffset.clear();
        }
        return lost;
    }
}
