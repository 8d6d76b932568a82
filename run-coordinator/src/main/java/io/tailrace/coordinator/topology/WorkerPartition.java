package io.tailrace.coordinator.topology;

import io.tailrace.coordinator.decide.PartitionClock;
import io.tailrace.coordinator.decide.PartitionSnapshot;
import io.tailrace.coordinator.topology.PartitionProgress.TopicProgress;
import io.tailrace.events.id.EventId;
import io.tailrace.events.log.LogPosition;
import io.tailrace.events.log.Topic;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;

/** How far a task has read its partition of a topic that workers write. Confined to the partition's stream thread. */
final class WorkerPartition {
    private static final Duration CLOCK_DIFFERENCE = Duration.ofSeconds(5);

    /** How many unread ticks are counted: what lies further behind is an outage of the log, which adds nothing. */
    private static final int MOST_UNREAD = 1000;

    private final Topic topic;
    private final int number;
    private PartitionClock clock;
    private long nextOffset;
    private boolean inStep;

    /** Ticks that were sent and have not been read yet, in the order of sending. */
    private final LinkedHashSet<EventId> ticksUnread = new LinkedHashSet<>();

    /** How a record relates to those read before. */
    enum ReadResult {
        NEW,
        /** It was read before. */
        DUPLICATE,
        /** A new record at an offset that was read before: the log was truncated. Only the first record after that is one. */
        TRUNCATED
    }

    WorkerPartition(Topic topic, int number, TopicProgress progress) {
        this.topic = topic;
        this.number = number;
        this.nextOffset = progress.nextOffset();
        this.clock = progress.clock();
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
    ReadResult read(long offset, Instant at) {
        boolean goesBack = offset < nextOffset;
        if (goesBack && inStep) {
            throw new LogRewritten(topic.topicName(), number, offset, nextOffset);
        }
        if (goesBack && !isYounger(at)) {
            return ReadResult.DUPLICATE;
        }
        inStep = true;
        nextOffset = offset + 1;
        return goesBack ? ReadResult.TRUNCATED : ReadResult.NEW;
    }

    /** Appended after everything that was read before: the brokers' clocks may differ by less than this. */
    private boolean isYounger(Instant at) {
        return clock.lastTick()
                .filter(it -> at.isAfter(it.plus(CLOCK_DIFFERENCE)))
                .isPresent();
    }

    TopicProgress progress() {
        return new TopicProgress(nextOffset, clock);
    }

    /** A tick is on its way to the log. */
    void tickSent(EventId tick) {
        ticksUnread.add(tick);
        if (ticksUnread.size() > MOST_UNREAD) {
            ticksUnread.removeFirst();
        }
    }

    /** A tick was read, of whichever process. */
    void ticked(EventId tick, Instant at) {
        clock = clock.ticked(at);
        if (ticksUnread.contains(tick)) {
            // Those sent before it that were not read never reached the log.
            EventId unread;
            do {
                unread = ticksUnread.removeFirst();
            } while (!unread.equals(tick));
        }
    }

    /** What the clock can show at the most when all ticks are read that this process has sent. */
    private Duration sentClock() {
        return clock.elapsed().plus(PartitionClock.LONGEST_STEP.multipliedBy(ticksUnread.size()));
    }

    PartitionClock clock() {
        return clock;
    }

    long nextOffset() {
        return nextOffset;
    }

    PartitionSnapshot snapshot() {
        return new PartitionSnapshot(clock.elapsed(), sentClock(), new LogPosition(topic, number, nextOffset));
    }
}
