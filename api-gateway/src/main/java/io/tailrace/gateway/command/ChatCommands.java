package io.tailrace.gateway.command;

import io.tailrace.events.command.RunCommand.CancelTurn;
import io.tailrace.events.command.RunCommand.CloseRun;
import io.tailrace.events.command.RunCommand.SubmitTurn;
import io.tailrace.events.id.RunId;
import io.tailrace.events.id.TurnId;
import io.tailrace.events.plan.TurnInput;
import io.tailrace.events.run.RunView;
import io.tailrace.events.run.RunView.TurnView;
import io.tailrace.gateway.decision.WaitingFor;
import io.tailrace.gateway.problem.ChatProblem;
import io.tailrace.gateway.problem.RunProblem;
import java.util.Optional;

/**
 * The commands of chats, as {@link RunCommands} has those of runs: whether a turn is accepted the coordinator decides.
 * Blocks the caller; for virtual threads. Thread-safe.
 */
public final class ChatCommands {
    private final CommandRoute route;
    private final CommandIds ids;

    ChatCommands(CommandRoute route, CommandIds ids) {
        this.route = route;
        this.ids = ids;
    }

    /** The id of a turn: with a key always the same one within a run. */
    public TurnId turnId(RunId run, Optional<String> idempotencyKey) {
        return idempotencyKey.map(key -> TurnId.derived(run, key)).orElseGet(ids::turn);
    }

    /**
     * Submits a turn.
     *
     * @return the turn as it was decided, perhaps rejected; empty if no decision was seen in time
     * @throws RunProblem {@code run_ended}, or if the log did not take the command
     */
    public Optional<TurnView> submit(RunId run, TurnId turn, TurnInput input, boolean hasKey)
            throws InterruptedException {
        route.append(run, new SubmitTurn(turn, input), () -> ChatProblem.turnUnconfirmed(hasKey));
        Optional<RunView> after =
                route.await(run, it -> turn(it, turn).isPresent() || it.status().isFinal());
        Optional<TurnView> decided = after.flatMap(it -> turn(it, turn));
        if (after.isPresent() && decided.isEmpty()) {
            throw ChatProblem.runEnded(run);
        }
        return decided;
    }

    /** The turn of a run's view, if it is one of those that the view has. */
    public static Optional<TurnView> turn(RunView run, TurnId turn) {
        return run.chat().flatMap(it -> it.turn(turn));
    }

    /** Why a command of this chat that was recorded is not seen decided. */
    public WaitingFor waitingFor(RunId run) throws InterruptedException {
        return route.waitingFor(run);
    }

    /** The turn was submitted before, with the same key. */
    public void replayed() {
        route.replayed(CommandMeters.Kind.SUBMIT_TURN);
    }

    /** Records that a turn is to end. How it ends is up to the coordinator, and to the worker that answers it. */
    public void cancel(RunId run, TurnId turn, Optional<String> reason) throws InterruptedException {
        route.append(run, new CancelTurn(turn, reason), () -> RunProblem.commandUnconfirmed(false, false));
    }

    /** Closes a chat. */
    public CommandOutcome close(RunView before, Optional<String> reason) throws InterruptedException {
        RunId run = before.runId();
        if (before.status().isFinal()) {
            return new CommandOutcome.Already(before);
        }
        if (isClosing(before)) {
            return new CommandOutcome.Decided(before);
        }
        route.append(run, new CloseRun(reason), () -> RunProblem.commandUnconfirmed(false, false));
        return route.outcome(
                run, route.await(run, it -> isClosing(it) || it.status().isFinal()));
    }

    private static boolean isClosing(RunView run) {
        return run.chat().filter(RunView.ChatView::closing).isPresent();
    }
}
