package io.tailrace.coordinator.topology;

import io.tailrace.coordinator.decide.RunState;
import io.tailrace.events.codec.UndecodableRecord;
import io.tailrace.events.id.RunId;
import io.tailrace.events.kafka.KafkaRecords;
import io.tailrace.events.log.EventType;
import io.tailrace.events.log.LogRecord;
import io.tailrace.events.log.Topic;
import io.tailrace.events.run.RunEvent;
import io.tailrace.events.run.RunFact;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the spine says beyond what a state knows of it, looked for before a task's first input: if the state is older than
 * the spine, what it does not know is about to be decided a second time. It reads on from the state's {@link SpineProgress},
 * the whole spine without one, and headers alone but for the end of a run that the state does not know to be over.
 * Confined to the partition's stream thread, which it blocks.
 */
final class FirstLook {
    private static final Logger LOG = LoggerFactory.getLogger(FirstLook.class);

    private final TopologyParts parts;
    private final int partition;
    private final RunTable table;
    private final PartitionRuns runs;
    private final Map<RunId, OpenViews.Spot> created = new HashMap<>();
    private final Set<RunId> behind = new HashSet<>();

    /**
     * Open runs whose state is not that of the spine.
     *
     * @param created those that the state does not know at all, as the spine has them
     * @param behind those of which the spine has more than the state
     */
    record Found(Map<RunId, OpenViews.Spot> created, Set<RunId> behind) {}

    FirstLook(TopologyParts parts, int partition, RunTable table, PartitionRuns runs) {
        this.parts = parts;
        this.partition = partition;
        this.table = table;
        this.runs = runs;
    }

    /**
     * Looks, takes in which runs have ended, and marks how far the spine is known now.
     *
     * @throws org.apache.kafka.common.KafkaException if the spine cannot be read; then the task must not begin
     */
    Found look() {
        long end = parts.reading()
                .spine()
                .read(
                        partition,
                        from(),
                        record -> KafkaRecords.logRecord(record).ifPresent(this::take));
        table.save(new SpineProgress(end));
        return new Found(Map.copyOf(created), Set.copyOf(behind));
    }

    private long from() {
        try {
            return table.spineProgress().map(SpineProgress::nextOffset).orElse(0L);
        } catch (UndecodableRecord e) {
            LOG.error(
                    "How far the spine of partition {} is known cannot be read: all of it is looked at", partition, e);
            return 0;
        }
    }

    private void take(LogRecord record) {
        RunId run = record.run();
        long stated = record.headers().runSequence().orElse(0L);
        String type = record.headers().type();
        if (type.equals(EventType.RUN_COMPLETED.wireName())) {
            ended(record);
        } else if (runs.isActive(run)) {
            if (stated > runs.active(run).orElseThrow().totals().sequence()) {
                behind.add(run);
            }
        } else if (created.containsKey(run)) {
            created.computeIfPresent(
                    run, (_, it) -> new OpenViews.Spot(it.firstOffset(), Math.max(it.sequence(), stated), false));
        } else if (type.equals(EventType.RUN_CREATED.wireName()) && !runs.hasEnded(run)) {
            created.put(run, new OpenViews.Spot(record.offset(), stated, false));
        }
    }

    /** What cannot be read of it is found out when its state is made of the log. */
    private void ended(LogRecord record) {
        RunId run = record.run();
        if (runs.hasEnded(run) || (!table.knows(run) && !created.containsKey(run))) {
            return;
        }
        try {
            RunEvent event = parts.codec().decode(Topic.RUN_EVENTS, RunEvent.class, record.value());
            if (event.payload() instanceof RunFact.RunCompleted completed) {
                LOG.warn("Run {} has ended by the spine, and the state did not know it", run);
                runs.adopt(new RunState.Completed(run, completed.outcome(), event.occurredAt()));
                created.remove(run);
                behind.remove(run);
                parts.metrics().takenUp();
            }
        } catch (UndecodableRecord e) {
            LOG.warn("The end of run {} cannot be read", run, e);
        }
    }
}
