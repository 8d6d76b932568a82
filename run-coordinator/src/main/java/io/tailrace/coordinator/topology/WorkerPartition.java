package io.tailrace.coordinator.topology;

import io.tailrace.coordinator.decide.Lane;
import io.tailrace.coordinator.decide.PartitionClock;
import io.tailrace.coordinator.topology.PartitionMark.TopicMark;
import io.tailrace.events.log.LogPosition;
import io.tailrace.events.log.Topic;
import java.time.Duration;
import java.time.Instant;

/** How far a task has read its partition of a topic that workers write. Confined to the partition's stream thread. */
final class WorkerPartition {
    private static final Duration CLOCK_DIFFERENCE = Duration.ofSeconds(5);

    private final Topic topic;
    private final int number;
    private PartitionClock clock;
    private long nextOffset;
    private boolean inStep;

    /** What a record is to what was read before. */
    enum Reading {
        NEW,
        /** It was read before. */
        OLD,
        /** It is new, and lies where another one was read before: the topic has lost its end. It is the first such one. */
        CUT_OFF
    }

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
     * Takes note of a record, and tells whether it was read before. After the start of a task old ones can come
     * again, if the group's offsets were lost; what they say is in the stored state. Later on they cannot.
     *
     * @throws LogRewritten if it lies before what was read since the start
     */
    Reading read(long offset, Instant at) {
        boolean goesBack = offset < nextOffset;
        if (goesBack && inStep) {
            throw new LogRewritten(topic.topicName(), number, offset, nextOffset);
        }
        if (goesBack && !isYounger(at)) {
            return Reading.OLD;
        }
        inStep = true;
        nextOffset = offset + 1;
        return goesBack ? Reading.CUT_OFF : Reading.NEW;
    }

    /** Appended after everything that was read before: the brokers' clocks may differ by less than this. */
    private boolean isYounger(Instant at) {
        return clock.lastTick()
                .filter(it -> at.isAfter(it.plus(CLOCK_DIFFERENCE)))
                .isPresent();
    }

    TopicMark mark() {
        return new TopicMark(nextOffset, clock);
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
