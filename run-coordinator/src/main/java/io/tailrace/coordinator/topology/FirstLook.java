package io.tailrace.coordinator.topology;

import io.tailrace.coordinator.decide.RunState;
import io.tailrace.events.codec.UndecodableRecord;
import io.tailrace.events.id.RunId;
import io.tailrace.events.log.Topic;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the spine says beyond what a state knows of it, looked for before a task's first input: if the state is older than
 * the spine, what it does not know is about to be decided a second time, or to be forgotten. It reads on from the state's
 * {@link SpineProgress}; without one from shortly before the last command that the state has decided; without that, all
 * of the spine. Confined to the partition's stream thread, which it blocks.
 */
final class FirstLook {
    private static final Logger LOG = LoggerFactory.getLogger(FirstLook.class);

    /** By so much the clocks of two brokers differ at most. */
    private static final Duration CLOCK_DIFFERENCE = Duration.ofSeconds(5);

    private final TopologyParts parts;
    private final int partition;
    private final RunTable table;
    private final PartitionRuns runs;
    private final Optional<Instant> decidedUpTo;

    /**
     * Open runs whose state is not that of the spine.
     *
     * @param created those that the state does not know at all, as the spine has them
     * @param behind those of which the spine has more than the state
     */
    record Found(Map<RunId, OpenViews.Spot> created, Set<RunId> behind) {}

    /** @param decidedUpTo when the last command was appended that the state has decided; empty if that says nothing */
    FirstLook(TopologyParts parts, int partition, RunTable table, PartitionRuns runs, Optional<Instant> decidedUpTo) {
        this.parts = parts;
        this.partition = partition;
        this.table = table;
        this.runs = runs;
        this.decidedUpTo = decidedUpTo;
    }

    /**
     * Looks, takes in which runs have ended, and marks how far the spine is known now.
     *
     * @throws SpineTooLong if that is too much for a stream thread; it is wanted of {@link SpineAhead} then
     * @throws org.apache.kafka.common.KafkaException if the spine cannot be read; then the task must not begin
     */
    Found look() {
        long from = from();
        SpineAhead ahead = parts.reading().ahead();
        SpineFold spine = ahead.from(partition, from);
        long end;
        try {
            end = spine.readOn(parts.reading().spine(), partition, ahead.most());
        } catch (SpineTooLong e) {
            ahead.want(partition, from);
            throw e;
        }
        Map<RunId, OpenViews.Spot> created = new HashMap<>();
        Set<RunId> behind = new HashSet<>();
        spine.traces().forEach((run, trace) -> {
            Optional<RunState.Active> known = runs.active(run);
            if (trace.ended().isPresent()) {
                ended(run, trace, trace.ended().get());
            } else if (known.isPresent()) {
                if (trace.isBeyond(known.get())) {
                    behind.add(run);
                }
            } else if (trace.created().isPresent() && !runs.hasEnded(run)) {
                created.put(run, new OpenViews.Spot(trace.created().getAsLong(), trace.sequence(), false));
            }
        });
        table.save(new SpineProgress(end));
        return new Found(created, behind);
    }

    private long from() {
        try {
            return table.spineProgress().map(SpineProgress::nextOffset).orElseGet(this::fromTheLastCommand);
        } catch (UndecodableRecord e) {
            LOG.error("How far the spine of partition {} is known cannot be read", partition, e);
            return fromTheLastCommand();
        }
    }

    /** What the state lacks was decided after that command, so it was appended later. */
    private long fromTheLastCommand() {
        return decidedUpTo
                .map(it -> parts.positions()
                        .appendedFrom(Topic.RUN_EVENTS, partition, it.minus(CLOCK_DIFFERENCE))
                        .map(InputPositions.Spot::offset)
                        .orElseGet(() -> parts.positions()
                                .bounds(Topic.RUN_EVENTS, partition)
                                .end()))
                .orElse(0L);
    }

    private void ended(RunId run, SpineFold.Trace trace, RunState.Completed end) {
        if (!runs.hasEnded(run) && (table.knows(run) || trace.created().isPresent())) {
            LOG.warn("Run {} has ended by the spine, and the state did not know it", run);
            runs.adopt(end);
            parts.metrics().takenUp();
        }
    }
}
