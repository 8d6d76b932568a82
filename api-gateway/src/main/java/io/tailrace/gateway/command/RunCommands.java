package io.tailrace.gateway.command;

import io.tailrace.events.command.RunCommand.CancelRun;
import io.tailrace.events.command.RunCommand.CreateRun;
import io.tailrace.events.id.RunId;
import io.tailrace.events.id.WorkspaceId;
import io.tailrace.events.run.RunStatus;
import io.tailrace.events.run.RunView;
import io.tailrace.gateway.problem.RunProblem;
import io.tailrace.gateway.runs.RunDirectory;
import java.util.Optional;

/**
 * Gives clients' commands to the log and waits, bounded, for what the coordinator makes of them. Whatever is decided
 * here beforehand (a key used before, a run that has ended) is for a quick and clear answer only: the coordinator
 * decides. Blocks the caller; for virtual threads. Thread-safe.
 */
public final class RunCommands {
    private final CommandRoute route;
    private final RunDirectory directory;
    private final CommandIds ids;

    RunCommands(CommandRoute route, RunDirectory directory, CommandIds ids) {
        this.route = route;
        this.directory = directory;
        this.ids = ids;
    }

    /**
     * Makes a new run, or finds the one that the same request made before.
     *
     * @throws RunProblem if the key stands for another request, or the log did not take the command
     */
    public CommandOutcome create(CreateRequest request) throws InterruptedException {
        CreateRun command = request.command();
        return create(command.workspace(), request.idempotencyKey(), command.requestDigest(), () -> command);
    }

    /**
     * The same, where the command follows from what there is at this moment: it is made only if the same request has not
     * made a run before.
     *
     * @param key by which the same request is known again
     * @param digest of the request, as the command has it
     */
    public <E extends Exception> CommandOutcome create(
            WorkspaceId workspace, Optional<String> key, String digest, Making<E> making)
            throws E, InterruptedException {
        RunId run = key.map(it -> RunId.derived(workspace, it)).orElseGet(ids::run);
        if (key.isPresent()) {
            Optional<RunView> before = directory.lookUp(run);
            if (before.isPresent()) {
                route.replayed(CommandMeters.Kind.CREATE);
                return new CommandOutcome.Already(sameRequest(before.get(), digest));
            }
        }
        route.append(run, making.command(), () -> RunProblem.commandUnconfirmed(true, key.isPresent()));
        return route.outcome(run, route.await(run, _ -> true).map(it -> sameRequest(it, digest)));
    }

    /**
     * Makes a command.
     *
     * @param <E> why there can be none
     */
    @FunctionalInterface
    public interface Making<E extends Exception> {
        CreateRun command() throws E, InterruptedException;
    }

    /**
     * Cancels a run.
     *
     * @throws RunProblem if there is no such run, it has ended otherwise, or the log did not take the command
     */
    public CommandOutcome cancel(RunId run, Optional<String> reason) throws InterruptedException {
        RunView before = directory.require(run);
        if (before.status() == RunStatus.CANCELING || before.status() == RunStatus.CANCELED) {
            return new CommandOutcome.Already(before);
        }
        refuseIfFinished(before);
        route.append(run, new CancelRun(reason), () -> RunProblem.commandUnconfirmed(false, false));
        Optional<RunView> after = route.await(
                run, it -> it.cancelRequestedAt().isPresent() || it.status().isFinal());
        after.ifPresent(RunCommands::refuseIfFinished);
        return route.outcome(run, after);
    }

    private static void refuseIfFinished(RunView run) {
        switch (run.status()) {
            case SUCCEEDED, FAILED -> throw RunProblem.runFinished(run.runId(), run.status());
            case QUEUED, RUNNING, WAITING, IDLE, CANCELING, CANCELED -> {}
        }
    }

    private static RunView sameRequest(RunView found, String digest) {
        if (!found.requestDigest().equals(digest)) {
            throw RunProblem.idempotencyKeyReused(found.runId());
        }
        return found;
    }
}
