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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks one partition's states against the log (decision 017), at the task's start and at intervals from then on. A run that
 * is open in the log, and unknown here or known as it was earlier, is suspended: its inputs are kept, and its state is
 * rebuilt. Another thread reads the log; all else is confined to the stream thread.
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

    /** Runs without a state that is to be trusted, and what clients wanted of them before it was known where to look. */
    private final Map<RunId, List<Input>> suspended = new HashMap<>();

    private final Map<RunId, CountedOnce> counted = new HashMap<>();
    private boolean looking;
    private long stepsToLook;

    private sealed interface Answer {
        /** @param spineEnd what was committed before it was decided here, or known when the task began */
        record Seen(Map<RunId, OpenViews.Spot> spots, long spineEnd) implements Answer {}

        record Made(Outcome outcome) implements Answer {}

        record Failed(String reason) implements Answer {}
    }

    /** A run whose state is being made, with what came of it meanwhile. */
    private static final class Held {
        final RunRebuild.Order order;
        final long leastSequence;
        final List<Input> inputs = new ArrayList<>();
        boolean asked;

        Held(RunRebuild.Order order, long leastSequence) {
            this.order = order;
            this.leastSequence = leastSequence;
        }
    }

    /** A stage as it was before its topic lost records. */
    record CountedOnce(ActiveStage stage, Fence fence) {}

    /**
     * A run is known again, and these inputs came meanwhile.
     *
     * @param counted what had counted of its open stage once, if the log had it
     */
    record TakenUp(Outcome outcome, List<Input> inputs, Optional<CountedOnce> counted) {}

    StateCheck(TopologyParts parts, ArrivalReader reader, int partition, RunTable table, PartitionRuns runs) {
        this.parts = parts;
        this.reader = reader;
        this.partition = partition;
        this.table = table;
        this.runs = runs;
        this.views = new OpenViews(parts.reading().archive(), parts.codec(), partition);
        runs.unreadable().stream()
                .map(Loaded.Unreadable::run)
                .filter(RunId::isLegal)
                .forEach(it -> suspended.put(new RunId(it), new ArrayList<>()));
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
        suspended.putIfAbsent(run, new ArrayList<>());
    }

    /** Looks at the next step. */
    void lookSoon() {
        stepsToLook = 0;
    }

    /** Whether the input belongs to a run whose state is being made; then it is kept. */
    boolean keeps(RunId run, Input input) {
        Held it = held.get(run);
        if (it == null) {
            return keepsBeforeItIsHeld(run, input);
        }
        if (it.inputs.size() == MOST_INPUTS) {
            LOG.warn("Run {} cannot be taken up now: too much comes of it meanwhile", run);
            held.remove(run);
            return true;
        }
        it.inputs.add(input);
        return true;
    }

    /** What stages and ticks say until then is read with the chapter. */
    private boolean keepsBeforeItIsHeld(RunId run, Input input) {
        List<Input> early = suspended.get(run);
        if (early == null || isInTheChapter(input)) {
            return false;
        }
        if (early.size() < MOST_INPUTS) {
            early.add(input);
        }
        return true;
    }

    private static boolean isInTheChapter(Input input) {
        return input instanceof Input.StageRecord || input instanceof Input.Tick;
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
                case Answer.Made(Outcome outcome) -> takeUp(outcome, takenUp);
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
        Set<RunId> active = Set.copyOf(runs.activeRuns());
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
        submit(() -> answers.add(new Answer.Made(rebuild.rebuild())));
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
        spots.forEach((run, spot) -> {
            if (held.size() >= MOST_AT_ONCE || held.containsKey(run)) {
                return;
            }
            var known = runs.active(run);
            boolean lost = known.isEmpty() && !spot.ended() && !runs.hasEnded(run);
            boolean behind = known.isPresent()
                    && (spot.ended() || spot.sequence() > known.get().totals().sequence());
            if (lost || behind) {
                if (!impossible.contains(run)) {
                    LOG.warn(
                            "Run {} is {} by the log, and the state {}: it is taken up again",
                            run,
                            spot.ended() ? "ended" : "open",
                            lost ? "does not know it" : "is older");
                }
                runs.suspend(run);
                Held it = new Held(new RunRebuild.Order(run, spot.firstOffset(), progress), spot.sequence());
                Optional.ofNullable(suspended.remove(run)).ifPresent(it.inputs::addAll);
                held.put(run, it);
            }
        });
        parts.metrics().lostRuns(partition, impossible.size());
    }

    private void takeUp(Outcome outcome, List<TakenUp> into) {
        Held it = held.remove(outcome.run());
        if (it == null) {
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
            // It is tried again, and what stages and ticks have said is read again then.
            suspended.put(
                    run,
                    new ArrayList<>(it.inputs.stream()
                            .filter(input -> !isInTheChapter(input))
                            .toList()));
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
