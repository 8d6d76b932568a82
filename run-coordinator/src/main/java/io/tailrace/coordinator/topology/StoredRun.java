package io.tailrace.coordinator.topology;

import io.tailrace.coordinator.decide.ActiveStage;
import io.tailrace.coordinator.decide.RunBrief;
import io.tailrace.coordinator.decide.RunState;
import io.tailrace.coordinator.decide.Tally;
import java.time.Duration;
import java.util.Optional;

/**
 * The part of an active run's state that changes, as it is stored; its brief is stored once beside it.
 *
 * @param canceledClock present while it is canceling
 */
public record StoredRun(Tally tally, ActiveStage stage, Optional<Duration> canceledClock) {

    static StoredRun of(RunState.Open state) {
        return switch (state) {
            case RunState.Running(RunBrief _, Tally tally, ActiveStage stage) ->
                new StoredRun(tally, stage, Optional.empty());
            case RunState.Canceling(RunBrief _, Tally tally, ActiveStage stage, Duration clock) ->
                new StoredRun(tally, stage, Optional.of(clock));
        };
    }

    RunState.Open toState(RunBrief brief) {
        return canceledClock
                .<RunState.Open>map(it -> new RunState.Canceling(brief, tally, stage, it))
                .orElseGet(() -> new RunState.Running(brief, tally, stage));
    }
}
