package io.tailrace.coordinator.decide;

import io.tailrace.events.log.StageKind;
import io.tailrace.events.log.Topic;
import java.time.Instant;
import java.util.Map;

/**
 * The context of an input: its time, the partitions of its run, and the ids for the events of the decision.
 *
 * @param at when the broker appended the input
 * @param snapshots of the run's partition, for each topic that has chapters
 * @param ids for the events and requests of the decision
 */
public record InputContext(Instant at, Map<Topic, PartitionSnapshot> snapshots, EventIds ids) {
    public InputContext {
        snapshots = Map.copyOf(snapshots);
    }

    /** The run's partition of the topic that has the chapters of this kind. */
    public PartitionSnapshot snapshot(StageKind kind) {
        return snapshot(kind.events());
    }

    /**
     * The run's partition of this topic.
     *
     * @throws IllegalArgumentException for a topic that no stage is executed in
     */
    public PartitionSnapshot snapshot(Topic topic) {
        PartitionSnapshot snapshot = snapshots.get(topic);
        if (snapshot == null) {
            throw new IllegalArgumentException("no stage is executed in " + topic.topicName());
        }
        return snapshot;
    }
}
