package io.tailrace.coordinator.topology;

import io.tailrace.coordinator.decide.ActiveStage;
import io.tailrace.coordinator.decide.Conversation;
import io.tailrace.coordinator.decide.RunBrief;
import io.tailrace.coordinator.decide.RunState;
import io.tailrace.coordinator.decide.Tally;
import java.time.Duration;
import java.util.Optional;

/**
 * The part of an active run's state that changes, as it is stored; its brief is stored once beside it.
 *
 * @param stage absent while a chat waits for a turn
 * @param canceledClock present while the run is canceling
 * @param conversation present if the plan is open
 * @param idleClock since when a chat waits for a turn
 */
public record StoredRun(
        Tally tally,
        Optional<ActiveStage> stage,
        Optional<Duration> canceledClock,
        Optional<Conversation> conversation,
        Optional<Duration> idleClock) {

    static StoredRun of(RunState.Active state) {
        return switch (state) {
            case RunState.Running(RunBrief _, Tally tally, ActiveStage stage, Optional<Conversation> conversation) ->
                new StoredRun(tally, Optional.of(stage), Optional.empty(), conversation, Optional.empty());
            case RunState.Canceling canceling ->
                new StoredRun(
                        canceling.tally(),
                        Optional.of(canceling.stage()),
                        Optional.of(canceling.canceledClock()),
                        canceling.conversation(),
                        Optional.empty());
            case RunState.Idle(RunBrief _, Tally tally, Conversation conversation, Duration since) ->
                new StoredRun(tally, Optional.empty(), Optional.empty(), Optional.of(conversation), Optional.of(since));
        };
    }

    /** @throws IllegalArgumentException if it is what no state is stored as */
    RunState.Active toState(RunBrief brief) {
        if (stage.isEmpty()) {
            return new RunState.Idle(brief, tally, present(conversation), present(idleClock));
        }
        RunBrief dated = brief.createdNoEarlierThan(stage.get().dispatch().requestClock());
        return canceledClock
                .<RunState.Active>map(it -> new RunState.Canceling(dated, tally, stage.get(), it, conversation))
                .orElseGet(() -> new RunState.Running(dated, tally, stage.get(), conversation));
    }

    private static <T> T present(Optional<T> value) {
        return value.orElseThrow(() -> new IllegalArgumentException("neither a stage nor an idle chat is stored"));
    }
}
