package io.tailrace.gateway.command;

import io.tailrace.events.command.RunCommand.DecideApproval;
import io.tailrace.events.id.RunId;
import io.tailrace.events.run.RunView;
import io.tailrace.gateway.decision.WaitingFor;
import io.tailrace.gateway.problem.RunProblem;
import java.util.function.Predicate;

/**
 * What people say of calls of tools: of several answers the coordinator takes the first. Blocks the caller; for virtual
 * threads. Thread-safe.
 */
public final class ApprovalCommands {
    private final CommandRoute route;

    ApprovalCommands(CommandRoute route) {
        this.route = route;
    }

    /**
     * Records an answer and waits, bounded, for what becomes of it.
     *
     * @param settled whether a view shows that the question is open no more
     * @return whether such a view was seen in time
     * @throws RunProblem if the log did not take the command
     */
    public boolean decide(RunId run, DecideApproval answer, Predicate<RunView> settled) throws InterruptedException {
        route.append(run, answer, () -> RunProblem.commandUnconfirmed(false, false));
        return route.await(run, settled).isPresent();
    }

    /** Why an answer that was recorded is not seen decided. */
    public WaitingFor waitingFor(RunId run) throws InterruptedException {
        return route.waitingFor(run);
    }

    /** Nothing had to be recorded: the question was answered like that before. */
    public void replayed() {
        route.replayed(CommandMeters.Kind.DECIDE_APPROVAL);
    }
}
