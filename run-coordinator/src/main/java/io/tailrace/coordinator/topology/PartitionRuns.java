package io.tailrace.coordinator.topology;

import io.tailrace.coordinator.decide.Decision;
import io.tailrace.coordinator.decide.Input;
import io.tailrace.coordinator.decide.RunDecider;
import io.tailrace.coordinator.decide.RunState;
import io.tailrace.coordinator.topology.RunTable.Loaded;
import io.tailrace.events.id.RunId;
import io.tailrace.events.log.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The runs of one partition: a write-through cache of the active ones over the table that has them all. Confined to the
 * partition's stream thread.
 */
final class PartitionRuns {
    private final RunTable table;
    private final RunDecider decider;
    private final Map<RunId, RunState.Active> active = new HashMap<>();
    private final List<Loaded.Unreadable> unreadable = new ArrayList<>();

    PartitionRuns(RunTable table, RunDecider decider) {
        this.table = table;
        this.decider = decider;
        for (Loaded loaded : table.active()) {
            switch (loaded) {
                case Loaded.Run(RunState.Active state) ->
                    active.put(state.brief().run(), state);
                case Loaded.Unreadable it -> unreadable.add(it);
            }
        }
    }

    /** Runs whose stored state cannot be read: they stay as they are, and known. */
    List<Loaded.Unreadable> unreadable() {
        return List.copyOf(unreadable);
    }

    /** The ids of the runs that have not ended and go by the clock of this topic. */
    Collection<RunId> activeRuns(Topic topic) {
        List<RunId> runs = new ArrayList<>();
        active.forEach((run, state) -> {
            if (state.topic() == topic) {
                runs.add(run);
            }
        });
        return runs;
    }

    /** The ids of all runs that have not ended. */
    Collection<RunId> activeRuns() {
        return List.copyOf(active.keySet());
    }

    Optional<RunState.Active> active(RunId run) {
        return Optional.ofNullable(active.get(run));
    }

    boolean isActive(RunId run) {
        return active.containsKey(run);
    }

    boolean hasEnded(RunId run) {
        return table.hasEnded(run);
    }

    /** Takes the run's state out, because it is not to be trusted: the run stays known and waits for another state. */
    void suspend(RunId run) {
        active.remove(run);
        table.suspend(run);
    }

    /** Takes in the state that the log has of a run. */
    void adopt(RunState.Active state) {
        RunId run = state.brief().run();
        unreadable.removeIf(it -> it.run().equals(run.value()));
        table.saveBrief(state.brief());
        table.save(state);
        active.put(run, state);
    }

    /** Takes in that a run has ended. */
    void adopt(RunState.Completed state) {
        unreadable.removeIf(it -> it.run().equals(state.run().value()));
        table.end(state);
        active.remove(state.run());
    }

    int activeCount() {
        return active.size();
    }

    /** The longest silence of a worker that holds a stage in this topic. */
    Duration longestSilence(Topic topic, Duration clock) {
        Duration longest = Duration.ZERO;
        for (RunState.Active state : active.values()) {
            if (state instanceof RunState.Open open && open.topic() == topic) {
                Duration silence = open.stage().silence(clock);
                longest = silence.compareTo(longest) > 0 ? silence : longest;
            }
        }
        return longest;
    }

    /**
     * Decides on an input and remembers what comes of it.
     *
     * @throws FailedDecision if the decider fails; then nothing has changed
     */
    Decision take(RunId run, Input input) throws FailedDecision {
        RunState.Active known = active.get(run);
        if (known == null && !(input instanceof Input.Create && !table.knows(run))) {
            return Decision.NOTHING;
        }
        RunState before = known == null ? new RunState.Unknown() : known;
        Decision decision;
        RunState after;
        try {
            decision = decider.decide(before, input);
            after = decision.applyTo(before);
        } catch (RuntimeException e) {
            throw new FailedDecision(run, input, e);
        }
        if (!decision.changes().isEmpty()) {
            remember(run, known == null, after);
        }
        return decision;
    }

    private void remember(RunId run, boolean isNew, RunState after) {
        switch (after) {
            case RunState.Active state -> {
                if (isNew) {
                    table.saveBrief(state.brief());
                }
                table.save(state);
                active.put(run, state);
            }
            case RunState.Completed completed -> {
                table.end(completed);
                active.remove(run);
            }
            case RunState.Unknown _, RunState.Created _, RunState.BetweenStages _, RunState.Stopping _ ->
                throw new IllegalStateException("a decision left " + run + " without a stage: " + after);
        }
    }
}
