package io.tailrace.coordinator.topology;

import io.tailrace.coordinator.decide.ActiveStage;
import io.tailrace.coordinator.decide.Chat;
import io.tailrace.coordinator.decide.Conversation;
import io.tailrace.coordinator.decide.PausedTurn;
import io.tailrace.coordinator.decide.Program;
import io.tailrace.coordinator.decide.RunBrief;
import io.tailrace.coordinator.decide.RunState;
import io.tailrace.coordinator.decide.RunTotals;
import io.tailrace.coordinator.decide.Steps;
import io.tailrace.events.id.AvroName;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The part of an active run's state that changes, as it is stored; its brief is stored once beside it.
 *
 * @param stage absent while a chat waits for a turn, or a plan for a person
 * @param canceledClock present while the run is canceling
 * @param conversation present if the plan is open
 * @param idleClock since when a chat waits for a turn, or a plan for a person
 * @param results where the results of a plan's steps lie; absent where there are none
 * @param paused the turn that is paused
 */
@AvroName(namespace = "io.tailrace.coordinator.topology")
public record StoredRun(
        RunTotals tally,
        Optional<ActiveStage> stage,
        Optional<Duration> canceledClock,
        Optional<Conversation> conversation,
        Optional<Duration> idleClock,
        Optional<List<Steps.ResultOffset>> results,
        Optional<PausedTurn> paused) {

    private static StoredRun of(
            RunState.Active state, Optional<ActiveStage> stage, Optional<Duration> canceled, Optional<Duration> idle) {
        return switch (state.program()) {
            case Steps steps ->
                new StoredRun(
                        state.totals(),
                        stage,
                        canceled,
                        Optional.empty(),
                        idle,
                        Optional.of(steps.results()).filter(it -> !it.isEmpty()),
                        steps.paused());
            case Chat chat ->
                new StoredRun(
                        state.totals(),
                        stage,
                        canceled,
                        Optional.of(chat.conversation()),
                        idle,
                        Optional.empty(),
                        Optional.empty());
        };
    }

    static StoredRun of(RunState.Active state) {
        return switch (state) {
            case RunState.Running running ->
                of(state, Optional.of(running.stage()), Optional.empty(), Optional.empty());
            case RunState.Canceling canceling ->
                of(state, Optional.of(canceling.stage()), Optional.of(canceling.canceledClock()), Optional.empty());
            case RunState.Idle idle -> of(state, Optional.empty(), Optional.empty(), Optional.of(idle.sinceClock()));
            case RunState.Waiting waiting ->
                of(state, Optional.empty(), Optional.empty(), Optional.of(waiting.sinceClock()));
        };
    }

    /** @throws IllegalArgumentException if it is what no state is stored as */
    RunState.Active toState(RunBrief brief) {
        Program program = program(brief);
        if (stage.isEmpty()) {
            return switch (program) {
                case Chat chat -> new RunState.Idle(brief, tally, chat, present(idleClock));
                case Steps steps -> waiting(brief, steps);
            };
        }
        RunBrief dated = brief.createdNoEarlierThan(stage.get().dispatch().requestClock());
        return canceledClock
                .<RunState.Active>map(it -> new RunState.Canceling(dated, tally, stage.get(), it, program))
                .orElseGet(() -> new RunState.Running(dated, tally, stage.get(), program));
    }

    private RunState.Active waiting(RunBrief brief, Steps steps) {
        if (paused.isEmpty()) {
            throw new IllegalArgumentException("no stage of a plan is stored");
        }
        return new RunState.Waiting(brief, tally, steps, present(idleClock));
    }

    private Program program(RunBrief brief) {
        return switch (Program.of(brief.plan())) {
            case Steps steps -> new Steps(steps.steps(), results.orElse(List.of()), paused);
            case Chat chat -> new Chat(chat.plan(), present(conversation));
        };
    }

    private static <T> T present(Optional<T> value) {
        return value.orElseThrow(() -> new IllegalArgumentException("a part of a run that waits is not stored"));
    }
}
