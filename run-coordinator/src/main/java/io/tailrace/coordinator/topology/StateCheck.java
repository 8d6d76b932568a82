package io.tailrace.coordinator.topology;

import io.tailrace.coordinator.decide.ActiveStage;
import io.tailrace.coordinator.decide.Input;
import io.tailrace.coordinator.decide.RunState;
import io.tailrace.coordinator.topology.PartitionProgress.TopicProgress;
import io.tailrace.coordinator.topology.RunRebuild.Outcome;
import io.tailrace.coordinator.topology.RunTable.Loaded;
import io.tailrace.events.id.RunId;
import io.tailrace.events.log.Topic;
import io.tailrace.events.reading.Fence;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks one partition's states against the log (decision 017), at the task's start and at intervals from then on. A run that
 * is open in the log, and unknown here or known as it was earlier, is suspended: its inputs are kept, and its state is
 * rebuilt. What stages say is kept in memory, since a rebuild reads it in the log, and what clients want in the store, since
 * it counts as read (decision 017). Another thread reads the log; all else is confined to the stream thread.
 */
final class StateCheck {
    private static final Logger LOG = LoggerFactory.getLogger(StateCheck.class);
    private static final int MOST_INPUTS = 10_000;
    private static final int MOST_AT_ONCE = 200;

    private final TopologyParts parts;
    private final ArrivalReader reader;
    private final int partition;
    private final RunTable table;
    private final PartitionRuns runs;
    private final OpenViews views;
    private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
    private final Map<RunId, Held> held = new HashMap<>();
    private final Set<RunId> impossible = new HashSet<>();
    private final KeptCommands kept;

    /** Runs without a state that is to be trusted, of which it is not known yet where to look. */
    private final Set<RunId> suspended = new HashSet<>();

    private final Map<RunId, CountedOnce> counted = new HashMap<>();
    private boolean looking;
    private long stepsToLook;

    private sealed interface Answer {
        /** @param spineEnd what was committed before it was decided here, or known when the task began */
        record Seen(Map<RunId, OpenViews.Spot> spots, long spineEnd) implements Answer {}

        record Made(Held of, Outcome outcome) implements Answer {}

        record Failed(String reason) implements Answer {}
    }

    /** A run whose state is being made, with what its stages have said meanwhile. */
    private static final class Held {
        final RunRebuild.Order order;
        final long leastSequence;
        final List<Input.StageRecord> inputs = new ArrayList<>();
        boolean asked;

        Held(RunRebuild.Order order, long leastSequence) {
            this.order = order;
            this.leastSequence = leastSequence;
        }
    }

    /** A stage as it was before its topic lost records. */
    record CountedOnce(ActiveStage stage, Fence fence) {}

    /**
     * A run is known again, and its stages have said this meanwhile.
     *
     * @param counted what had counted of its open stage once, if the log had it
     */
    record TakenUp(Outcome outcome, List<Input.StageRecord> inputs, Optional<CountedOnce> counted) {}

    StateCheck(TopologyParts parts, ArrivalReader reader, int partition, RunTable table, PartitionRuns runs) {
        this.parts = parts;
        this.reader = reader;
        this.partition = partition;
        this.table = table;
        this.runs = runs;
        this.kept = table.keptCommands();
        this.views = new OpenViews(parts.reading().archive(), parts.codec(), partition);
        runs.unreadable().stream()
                .map(Loaded.Unreadable::run)
                .filter(RunId::isLegal)
                .forEach(it -> suspended.add(new RunId(it)));
    }

    /**
     * Takes up what a first look has found, before the first input is read: the spine has more of these runs than the
     * state, and whatever is wanted of them waits until they are known.
     */
    void begin(FirstLook.Found found, Map<Topic, TopicProgress> progress) {
        found.behind().forEach(this::suspend);
        found.created().keySet().forEach(this::suspend);
        compare(found.created(), progress);
    }

    /** Suspends a run whose state is not that of the log, until its state is rebuilt from there. */
    void suspend(RunId run) {
        if (runs.active(run).orElse(null) instanceof RunState.Open open) {
            counted.put(
                    run, new CountedOnce(open.stage(), open.stage().holding().fence()));
        }
        runs.suspend(run);
        suspended.add(run);
    }

    /** Looks at the next step. */
    void lookSoon() {
        stepsToLook = 0;
    }

    /**
     * Whether the command has to wait, because its run's state is being made or an earlier one waits; then it is kept.
     *
     * @param value what it is
     */
    boolean keeps(KeptCommands.Kept command, byte[] value) {
        if (!isSuspended(command.run()) && !kept.has(command.run())) {
            return false;
        }
        kept.keep(command, value);
        return true;
    }

    private boolean isSuspended(RunId run) {
        return suspended.contains(run) || held.containsKey(run);
    }

    /**
     * Hands over commands that need not wait any more, in their order: the runs that they are for are known, or are known
     * to have ended.
     *
     * @param most so many at most
     * @return how many there were
     */
    int release(int most, BiConsumer<KeptCommands.Kept, byte[]> each) {
        int released = 0;
        for (RunId run : kept.runs()) {
            if (released < most && !isSuspended(run)) {
                released += kept.take(run, most - released, each);
            }
        }
        return released;
    }

    /** Forgets commands of runs that could not be taken up for so long. */
    void forgetKept(Instant appendedBefore, int most) {
        kept.forget(appendedBefore, most)
                .forEach((run, count) -> LOG.error(
                        "{} commands of run {} were never decided, and are forgotten: its state could not be made of the"
                                + " log since they came",
                        count,
                        run));
    }

    /** Whether this is said of a run whose state is being made; then it is kept. What was said before that is read with it. */
    boolean keeps(RunId run, Input.StageRecord said) {
        Held it = held.get(run);
        if (it == null) {
            return false;
        }
        if (it.inputs.size() == MOST_INPUTS) {
            LOG.warn("Run {} cannot be taken up now: too much comes of it meanwhile", run);
            held.remove(run);
            suspended.add(run);
            return true;
        }
        it.inputs.add(said);
        return true;
    }

    /**
     * The next step, about one a second: what was found is taken up, what is to be found is looked for.
     *
     * @param progress how far the topics of stages have been read
     */
    List<TakenUp> step(Map<Topic, TopicProgress> progress) {
        List<TakenUp> takenUp = new ArrayList<>();
        // What this task has stated of a run before it was held is committed when a second has passed.
        held.values().stream().filter(it -> !it.asked).forEach(this::ask);
        for (Answer answer = answers.poll(); answer != null; answer = answers.poll()) {
            switch (answer) {
                case Answer.Seen(Map<RunId, OpenViews.Spot> spots, long spineEnd) -> {
                    looking = false;
                    table.save(new SpineProgress(spineEnd));
                    compare(spots, progress);
                }
                case Answer.Made(Held of, Outcome outcome) -> takeUp(of, outcome, takenUp);
                case Answer.Failed(String reason) -> {
                    looking = false;
                    parts.metrics().failedStateCheck();
                    LOG.warn("Partition {}: states could not be checked against the log: {}", partition, reason);
                }
            }
        }
        if (!looking && stepsToLook-- <= 0) {
            stepsToLook = Math.max(1, parts.settings().sweepInterval().toSeconds());
            look();
        }
        return takenUp;
    }

    private void look() {
        looking = true;
        Set<RunId> active = new HashSet<>(runs.activeRuns());
        active.addAll(suspended);
        submit(() -> {
            try {
                long spineEnd = parts.reading().archive().end(Topic.RUN_EVENTS, partition);
                answers.add(new Answer.Seen(views.read(active), spineEnd));
            } catch (KafkaException | IllegalArgumentException e) {
                answers.add(new Answer.Failed(e.toString()));
            }
        });
    }

    private void ask(Held it) {
        it.asked = true;
        RunRebuild rebuild = new RunRebuild(parts.reading().archive(), parts.codec(), reader, partition, it.order);
        submit(() -> answers.add(new Answer.Made(it, rebuild.rebuild())));
    }

    private void submit(Runnable task) {
        try {
            parts.reading().thread().execute(task);
        } catch (RejectedExecutionException e) {
            answers.add(new Answer.Failed("the session is ending"));
        }
    }

    private void compare(Map<RunId, OpenViews.Spot> spots, Map<Topic, TopicProgress> progress) {
        impossible.removeIf(it -> !spots.containsKey(it) || runs.isActive(it));
        List<RunId> found = new ArrayList<>(spots.keySet());
        // What could not be made the last time must not stand before the others.
        found.sort(Comparator.comparing(impossible::contains));
        for (RunId run : found) {
            OpenViews.Spot spot = Optional.ofNullable(spots.get(run)).orElseThrow();
            if (held.containsKey(run) || isOfTheLog(run, spot)) {
                continue;
            }
            runs.suspend(run);
            if (held.size() < MOST_AT_ONCE) {
                suspended.remove(run);
                held.put(run, new Held(new RunRebuild.Order(run, spot.firstOffset(), progress), spot.sequence()));
            } else {
                suspended.add(run);
                if (!impossible.contains(run)) {
                    lookSoon();
                }
            }
        }
        parts.metrics().lostRuns(partition, impossible.size());
    }

    /** Whether the state has what the view says of a run. */
    private boolean isOfTheLog(RunId run, OpenViews.Spot spot) {
        var known = runs.active(run);
        boolean lost = known.isEmpty() && !runs.hasEnded(run) && (!spot.ended() || suspended.contains(run));
        boolean behind = known.isPresent()
                && (spot.ended() || spot.sequence() > known.get().totals().sequence());
        if ((lost || behind) && !impossible.contains(run)) {
            LOG.warn(
                    "Run {} is {} by the log, and the state {}: it is taken up again",
                    run,
                    spot.ended() ? "ended" : "open",
                    lost ? "does not know it" : "is older");
        }
        return !lost && !behind;
    }

    private void takeUp(Held it, Outcome outcome, List<TakenUp> into) {
        // What was too much for it came, and it may have been begun anew since.
        if (!held.remove(outcome.run(), it)) {
            return;
        }
        Outcome settled = outcome instanceof Outcome.Rebuilt rebuilt
                        && rebuilt.state().totals().sequence() < it.leastSequence
                ? new Outcome.Impossible(outcome.run(), "its spine is shorter than its view")
                : outcome;
        if (settled instanceof Outcome.Impossible(RunId run, String reason)) {
            if (impossible.add(run)) {
                LOG.error("Run {} cannot be taken up again: {}", run, reason);
            }
            parts.metrics().lostRuns(partition, impossible.size());
            // It is tried again, and what stages have said is read again then.
            suspended.add(run);
            return;
        }
        impossible.remove(outcome.run());
        parts.metrics().lostRuns(partition, impossible.size());
        into.add(new TakenUp(settled, it.inputs, countedOnce(settled)));
    }

    /** What the state had, if it was of the same stage; else what the spine says. */
    private Optional<CountedOnce> countedOnce(Outcome outcome) {
        Optional<CountedOnce> before = Optional.ofNullable(counted.remove(outcome.run()));
        if (!(outcome instanceof Outcome.Rebuilt rebuilt) || !(rebuilt.state() instanceof RunState.Open open)) {
            return Optional.empty();
        }
        return before.filter(it -> it.stage().id().equals(open.stage().id()))
                .or(() -> rebuilt.claimed()
                        .map(it -> new CountedOnce(open.stage(), new Fence(Optional.of(it), 1, false))));
    }
}
