package io.tailrace.coordinator.decide;

import io.tailrace.events.id.TurnId;
import io.tailrace.events.log.EventHeaders;
import io.tailrace.events.log.LogPosition;
import io.tailrace.events.log.Topic;
import io.tailrace.events.run.RunEvent;
import io.tailrace.events.run.RunFact;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Makes a run's state of what the log has of it, by the same {@link RunState#evolve} that made it live. Of a finished
 * chapter the closing says all that the state keeps, but for where a chat's history lies and the results of prompts; of the open one the records are
 * given. Confined to one thread.
 */
public final class SpineReplay {
    private final Function<TurnId, LogPosition> commands;
    private RunState state = new RunState.Unknown();

    /** @param commands where the command of a turn lies */
    public SpineReplay(Function<TurnId, LogPosition> commands) {
        this.commands = commands;
    }

    /** The state so far. */
    public RunState state() {
        return state;
    }

    /**
     * Takes the next fact of the spine.
     *
     * @param clocks what the tick clock of a topic showed then
     * @param compacted how many turns the terminal record sums up that ended the stage
     * @throws IllegalStateException if the spine contradicts itself
     */
    public void stated(RunEvent event, Function<Topic, Duration> clocks, int compacted) {
        if (event.payload() instanceof RunFact.StageFinished finished
                && finished.usage().isPresent()
                && finished.pause().isEmpty()
                && state instanceof RunState.Open) {
            evolve(new Change.TurnRecorded(finished.chapter().lastOffset(), compacted));
        }
        evolve(new Change.Emitted(
                event, state.clockOf(event.payload()).map(clocks).orElse(Duration.ZERO)));
        switch (event.payload()) {
            case RunFact.StageFinished finished -> state = withLines(finished.lines());
            case RunFact.TurnSubmitted submitted ->
                evolve(new Change.TurnAccepted(
                        new PendingTurn(submitted.turnId(), commands.apply(submitted.turnId()))));
            case RunFact.RunCreated _,
                    RunFact.RunStarted _,
                    RunFact.StageRequested _,
                    RunFact.StageRedispatched _,
                    RunFact.RunCancelRequested _,
                    RunFact.TurnRejected _,
                    RunFact.TurnCancelRequested _,
                    RunFact.RunCloseRequested _,
                    RunFact.RunProgress _,
                    RunFact.OfApproval _,
                    RunFact.RunCompleted _ -> {}
        }
    }

    /** Takes the next record of the open chapter; answers whether it ends the stage, which is then left to the decider. */
    public boolean counts(long offset, Instant at, Duration clock, EventHeaders headers) {
        if (!(state instanceof RunState.Open open)
                || !headers.stage().equals(Optional.of(open.stage().id()))) {
            return false;
        }
        return switch (open.stage().holding().fence().judge(headers).verdict()) {
            case ENDS -> true;
            case CLAIMS, COUNTS -> {
                evolve(new Change.Counted(offset, at, clock, headers));
                yield false;
            }
            case VOID -> false;
        };
    }

    /** The turns whose commands are still needed. */
    public List<TurnId> pendingTurns() {
        return conversation().stream()
                .flatMap(it -> Stream.concat(it.active().stream(), it.waiting().stream()))
                .map(PendingTurn::id)
                .toList();
    }

    private Optional<Conversation> conversation() {
        return switch (state) {
            case RunState.Idle idle -> Optional.of(idle.conversation());
            case RunState.Open open when open.program() instanceof Chat chat -> Optional.of(chat.conversation());
            case RunState.Unknown _,
                    RunState.Created _,
                    RunState.BetweenStages _,
                    RunState.Waiting _,
                    RunState.Open _,
                    RunState.Stopping _,
                    RunState.Completed _ -> Optional.empty();
        };
    }

    private void evolve(Change change) {
        state = state.evolve(change);
    }

    /** The lines of a chapter that was not counted here. */
    private RunState withLines(long lines) {
        return switch (state) {
            case RunState.BetweenStages(RunBrief brief, RunTotals totals, Steps steps) ->
                new RunState.BetweenStages(brief, totals.withLines(lines), steps);
            case RunState.Stopping(RunBrief brief, RunTotals totals) ->
                new RunState.Stopping(brief, totals.withLines(lines));
            case RunState.Idle(RunBrief brief, RunTotals totals, Chat chat, Duration since) ->
                new RunState.Idle(brief, totals.withLines(lines), chat, since);
            case RunState.Waiting(RunBrief brief, RunTotals totals, Steps steps, Duration since) ->
                new RunState.Waiting(brief, totals.withLines(lines), steps, since);
            case RunState.Unknown _, RunState.Created _, RunState.Open _, RunState.Completed _ ->
                throw new IllegalStateException("a stage has finished and is open");
        };
    }
}
