package io.tailrace.coordinator.topology;

import io.tailrace.coordinator.decide.PartitionClock;
import io.tailrace.coordinator.decide.RunDecider;
import io.tailrace.coordinator.topology.InputPositions.Bounds;
import io.tailrace.coordinator.topology.InputPositions.Spot;
import io.tailrace.coordinator.topology.PartitionProgress.TopicProgress;
import io.tailrace.events.codec.UndecodableRecord;
import io.tailrace.events.kafka.LogIdentity;
import io.tailrace.events.log.StageKind;
import io.tailrace.events.log.Topic;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares what is stored of a partition with the log that there is, when a task starts, and has its inputs read from
 * where that says. The state and how far it has come are of one transaction, so the group's committed offsets are asked
 * for only where nothing is stored (decision 026). Confined to the partition's stream thread.
 */
final class TaskStart {
    private static final Logger LOG = LoggerFactory.getLogger(TaskStart.class);
    private static final Duration ONE_MOMENT = Duration.ofMillis(1);

    private final TopologyParts parts;
    private final int partition;
    private final RunTable table;
    private final RunDecider decider;
    private final Set<Topic> cutOff = EnumSet.noneOf(Topic.class);

    /**
     * Where a task goes on.
     *
     * @param counted what has to come again, by topic
     * @param cutOff topics that no longer have all that the stored states were made of
     * @param decidedUpTo when the broker appended the last command that the states are made of; empty if there are none
     */
    record Begun(
            PartitionRuns runs,
            Map<Topic, TopicProgress> stages,
            Map<Topic, CountedRecords> counted,
            CommandProgress commands,
            Set<Topic> cutOff,
            Optional<Instant> decidedUpTo) {}

    private interface Read<T> {
        Optional<T> read() throws UndecodableRecord;
    }

    TaskStart(TopologyParts parts, int partition, RunTable table, RunDecider decider) {
        this.parts = parts;
        this.partition = partition;
        this.table = table;
        this.decider = decider;
    }

    Begun begin() {
        LogIdentity now = parts.settings().log();
        Optional<LogIdentity> before = stored(table::log);
        Optional<PartitionProgress> last = stored(table::progress);
        Optional<CommandProgress> commands = stored(table::commandProgress);
        boolean another = before.map(it ->
                        !it.cluster().equals(now.cluster()) || !it.runEvents().equals(now.runEvents()))
                .orElseGet(() -> last.filter(it -> it.epoch() != now.epoch()).isPresent());
        if (another) {
            LOG.warn("Partition {} was re-created: its runs are forgotten", partition);
            table.clear();
        }
        Optional<PartitionProgress> known = another ? Optional.empty() : last;
        Map<Topic, TopicProgress> progress =
                known.map(PartitionProgress::topics).orElseGet(Map::of);
        PartitionRuns runs = new PartitionRuns(table, decider);
        Map<Topic, TopicProgress> stages = new EnumMap<>(Topic.class);
        Map<Topic, CountedRecords> counted = new EnumMap<>(Topic.class);
        for (Topic topic : StageKind.eventTopics()) {
            Optional<TopicProgress> stored = Optional.ofNullable(progress.get(topic));
            stages.put(topic, stages(topic, stored, isAnother(before, topic)));
            counted.put(topic, counted(topic, stored, runs));
        }
        Optional<Instant> decidedUpTo = another ? Optional.empty() : commands.flatMap(CommandProgress::lastAppended);
        Begun begun = new Begun(
                runs, stages, counted, commands(commands, isAnother(before, Topic.RUN_COMMANDS)), cutOff, decidedUpTo);
        table.save(now);
        if (last.isPresent()) {
            table.save(PartitionProgress.of(now.epoch(), stages));
        }
        if (commands.isPresent()) {
            table.save(begun.commands());
        }
        return begun;
    }

    /** Not a topic that was unknown before. */
    private boolean isAnother(Optional<LogIdentity> before, Topic topic) {
        Optional<String> now = parts.settings().log().id(topic);
        return before.flatMap(it -> it.id(topic))
                .filter(it -> !now.equals(Optional.of(it)))
                .isPresent();
    }

    private <T> Optional<T> stored(Read<T> read) {
        try {
            return read.read();
        } catch (UndecodableRecord e) {
            LOG.error("How far partition {} was read cannot be read; that begins anew", partition, e);
            return Optional.empty();
        }
    }

    private TopicProgress stages(Topic topic, Optional<TopicProgress> stored, boolean madeAnew) {
        if (madeAnew) {
            cutOff.add(topic);
            long start = rewind(topic, "it was made anew", Optional.empty());
            return new TopicProgress(start, stored.map(TopicProgress::clock).orElse(PartitionClock.START));
        }
        if (stored.isEmpty()) {
            return TopicProgress.START;
        }
        TopicProgress progress = stored.get();
        Optional<Long> cut =
                cutAt(topic, progress.nextOffset(), progress.clock().lastTick());
        if (cut.isEmpty()) {
            parts.positions().readFrom(topic, partition, progress.nextOffset());
            return progress;
        }
        cutOff.add(topic);
        return new TopicProgress(rewind(topic, "it has lost its end", cut), progress.clock());
    }

    /** The mark is that of a tick; what was counted after it may be gone although the mark is not. */
    private CountedRecords counted(Topic topic, Optional<TopicProgress> stored, PartitionRuns runs) {
        if (cutOff.contains(topic)) {
            return CountedRecords.none();
        }
        long mark = stored.map(TopicProgress::nextOffset).orElse(0L);
        CountedRecords counted = CountedRecords.of(topic, mark, runs);
        if (counted.isEmpty()) {
            return counted;
        }
        Bounds bounds = parts.positions().bounds(topic, partition);
        counted.forgetBefore(bounds.start());
        if (counted.goBeyond(bounds.end())) {
            cutOff.add(topic);
            long _ = rewind(topic, "it has lost its end", Optional.of(Math.max(mark, bounds.start())));
            return CountedRecords.none();
        }
        // Without a mark it is read where the group is, which may be behind them.
        return stored.isPresent() ? counted : CountedRecords.none();
    }

    private CommandProgress commands(Optional<CommandProgress> stored, boolean madeAnew) {
        if (madeAnew) {
            return new CommandProgress(
                    rewind(Topic.RUN_COMMANDS, "it was made anew", Optional.empty()), Optional.empty());
        }
        if (stored.isEmpty()) {
            return CommandProgress.START;
        }
        CommandProgress progress = stored.get();
        Optional<Long> cut = cutAt(Topic.RUN_COMMANDS, progress.nextOffset(), progress.lastAppended());
        if (cut.isEmpty()) {
            parts.positions().readFrom(Topic.RUN_COMMANDS, partition, progress.nextOffset());
            return progress;
        }
        return new CommandProgress(rewind(Topic.RUN_COMMANDS, "it has lost its end", cut), progress.lastAppended());
    }

    /**
     * The first offset where the log has something else than what was read, or ends, if it does before the next one. It is
     * intact if it has a record of the very moment at which the last one that was read was appended.
     */
    private Optional<Long> cutAt(Topic topic, long nextOffset, Optional<Instant> lastRead) {
        Bounds bounds = parts.positions().bounds(topic, partition);
        if (bounds.end() < nextOffset) {
            return Optional.of(lastRead.flatMap(it -> appendedFrom(topic, it.plus(ONE_MOMENT)))
                    .map(Spot::offset)
                    .orElse(bounds.end()));
        }
        if (bounds.start() >= nextOffset || lastRead.isEmpty()) {
            return Optional.empty();
        }
        return appendedFrom(topic, lastRead.get())
                .filter(it -> !it.at().equals(lastRead.get()) && it.offset() < nextOffset)
                .map(Spot::offset);
    }

    private Optional<Spot> appendedFrom(Topic topic, Instant at) {
        return parts.positions().appendedFrom(topic, partition, at);
    }

    /** From its start, unless another offset is given. */
    private long rewind(Topic topic, String why, Optional<Long> to) {
        long offset =
                to.orElseGet(() -> parts.positions().bounds(topic, partition).start());
        String words = topic.topicName() + "-" + partition + " is read from offset " + offset + ": " + why;
        LOG.warn("{}", words);
        parts.metrics().rewound(topic, words);
        parts.positions().readFrom(topic, partition, offset);
        return offset;
    }
}
