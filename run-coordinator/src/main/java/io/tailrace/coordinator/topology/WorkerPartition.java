package io.tailrace.coordinator.topology;

import io.tailrace.coordinator.decide.Lane;
import io.tailrace.coordinator.decide.PartitionClock;
import io.tailrace.events.log.LogPosition;
import io.tailrace.events.log.Topic;
import java.time.Instant;

/** How far a task has read its partition of a topic that workers write. Confined to the partition's stream thread. */
final class WorkerPartition {
    private final Topic topic;
    private final int number;
    private PartitionClock clock;
    private long nextOffset;
    private boolean inStep;

    WorkerPartition(Topic topic, int number, long nextOffset, PartitionClock clock) {
        this.topic = topic;
        this.number = number;
        this.nextOffset = nextOffset;
        this.clock = clock;
    }

    Topic topic() {
        return topic;
    }

    /**
     * Takes note of a record, and tells whether it was not read before. After the start of a task old ones can come
     * again, if the group's offsets were lost; what they say is in the stored state. Later on they cannot.
     *
     * @throws LogRewritten if it lies before what was read since the start
     */
    boolean isNew(long offset) {
        if (offset < nextOffset) {
            if (inStep) {
                throw new LogRewritten(topic.topicName(), number, offset, nextOffset);
            }
            return false;
        }
        inStep = true;
        nextOffset = offset + 1;
        return true;
    }

    void ticked(Instant at) {
        clock = clock.ticked(at);
    }

    PartitionClock clock() {
        return clock;
    }

    long nextOffset() {
        return nextOffset;
    }

    Lane lane() {
        return new Lane(clock.elapsed(), new LogPosition(topic, number, nextOffset));
    }
}
