package io.tailrace.gateway.command;

import io.tailrace.events.command.RunCommand;
import io.tailrace.events.command.RunCommand.CancelRun;
import io.tailrace.events.id.RunId;
import io.tailrace.events.run.RunStatus;
import io.tailrace.events.run.RunView;
import io.tailrace.gateway.problem.RunProblem;
import io.tailrace.gateway.runs.RunCatalogue;
import io.tailrace.gateway.runs.RunDirectory;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Gives clients' commands to the log and waits, bounded, for what the coordinator makes of them. Whatever is decided
 * here beforehand (a key used before, a run that has ended) is for a quick and clear answer only: the coordinator
 * decides. Blocks the caller; for virtual threads. Thread-safe.
 */
public final class RunCommands {
    private final CommandLog log;
    private final RunDirectory directory;
    private final RunCatalogue catalogue;
    private final CommandIds ids;
    private final InstantSource clock;
    private final Duration decideWithin;
    private final CommandMeters meters;

    RunCommands(
            CommandLog log,
            RunDirectory directory,
            RunCatalogue catalogue,
            CommandIds ids,
            InstantSource clock,
            Duration decideWithin,
            CommandMeters meters) {
        this.log = log;
        this.directory = directory;
        this.catalogue = catalogue;
        this.ids = ids;
        this.clock = clock;
        this.decideWithin = decideWithin;
        this.meters = meters;
    }

    /**
     * Makes a new run, or finds the one that the same request made before.
     *
     * @throws RunProblem if the key stands for another request, or the log did not take the command
     */
    public CommandOutcome create(CreateRequest request) throws InterruptedException {
        RunId run = request.idempotencyKey()
                .map(key -> RunId.derived(request.command().workspace(), key))
                .orElseGet(ids::run);
        boolean hasKey = request.idempotencyKey().isPresent();
        String digest = request.command().requestDigest();
        if (hasKey) {
            Optional<RunView> before = directory.lookUp(run);
            if (before.isPresent()) {
                meters.replayed();
                return new CommandOutcome.Already(sameRequest(before.get(), digest));
            }
        }
        append(new RunCommand(run, ids.command(), clock.instant(), request.command()), true, hasKey);
        return await(run, _ -> true)
                .<CommandOutcome>map(it -> new CommandOutcome.Decided(sameRequest(it, digest)))
                .orElseGet(() -> new CommandOutcome.Pending(run));
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
        append(new RunCommand(run, ids.command(), clock.instant(), new CancelRun(reason)), false, false);
        Optional<RunView> after = await(
                run, it -> it.cancelRequestedAt().isPresent() || it.status().isFinal());
        after.ifPresent(RunCommands::refuseIfFinished);
        return after.<CommandOutcome>map(CommandOutcome.Decided::new).orElseGet(() -> new CommandOutcome.Pending(run));
    }

    private static void refuseIfFinished(RunView run) {
        switch (run.status()) {
            case SUCCEEDED, FAILED -> throw RunProblem.runFinished(run.runId(), run.status());
            case QUEUED, RUNNING, CANCELING, CANCELED -> {}
        }
    }

    private static RunView sameRequest(RunView found, String digest) {
        if (!found.requestDigest().equals(digest)) {
            throw RunProblem.idempotencyKeyReused(found.runId());
        }
        return found;
    }

    private void append(RunCommand command, boolean creates, boolean hasKey) throws InterruptedException {
        long began = System.nanoTime();
        try {
            log.append(command);
            meters.recorded(command.payload(), Duration.ofNanos(System.nanoTime() - began));
        } catch (CommandLog.NotRecorded e) {
            meters.failed(command.payload(), e.surelyNot());
            throw e.surelyNot() ? RunProblem.logUnreachable() : RunProblem.commandUnconfirmed(creates, hasKey);
        }
    }

    private Optional<RunView> await(RunId run, Predicate<RunView> decided) throws InterruptedException {
        long began = System.nanoTime();
        Optional<RunView> seen = catalogue.await(run, decided, decideWithin);
        meters.waited(Duration.ofNanos(System.nanoTime() - began), seen.isPresent());
        return seen;
    }
}
