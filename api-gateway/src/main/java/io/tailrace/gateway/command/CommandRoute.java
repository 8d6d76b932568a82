package io.tailrace.gateway.command;

import io.tailrace.events.command.RunCommand;
import io.tailrace.events.id.RunId;
import io.tailrace.events.run.RunView;
import io.tailrace.gateway.problem.RunProblem;
import io.tailrace.gateway.runs.RunCatalogue;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Into the log, and back by the catalogue: what every command goes through. Blocks its callers. Thread-safe. */
final class CommandRoute {
    private final CommandLog log;
    private final RunCatalogue catalogue;
    private final CommandIds ids;
    private final InstantSource clock;
    private final Duration decideWithin;
    private final CommandMeters meters;

    CommandRoute(
            CommandLog log,
            RunCatalogue catalogue,
            CommandIds ids,
            InstantSource clock,
            Duration decideWithin,
            CommandMeters meters) {
        this.log = log;
        this.catalogue = catalogue;
        this.ids = ids;
        this.clock = clock;
        this.decideWithin = decideWithin;
        this.meters = meters;
    }

    /**
     * Records a command.
     *
     * @param unconfirmed what is told if nobody knows whether the log has it
     * @throws RunProblem that, or {@code log_unreachable}
     */
    void append(RunId run, RunCommand.Command payload, Supplier<RunProblem> unconfirmed) throws InterruptedException {
        long began = System.nanoTime();
        try {
            log.append(new RunCommand(run, ids.command(), clock.instant(), payload));
            meters.recorded(payload, Duration.ofNanos(System.nanoTime() - began));
        } catch (CommandLog.NotRecorded e) {
            meters.failed(payload, e.surelyNot());
            throw e.surelyNot() ? RunProblem.logUnreachable() : unconfirmed.get();
        }
    }

    /** The run's view as soon as it shows a decision; empty if that was not seen in time. */
    Optional<RunView> await(RunId run, Predicate<RunView> decided) throws InterruptedException {
        long began = System.nanoTime();
        Optional<RunView> seen = catalogue.await(run, decided, decideWithin);
        meters.waited(Duration.ofNanos(System.nanoTime() - began), seen.isPresent());
        return seen;
    }

    /** Nothing had to be recorded: the same command had been given before. */
    void replayed(String command) {
        meters.replayed(command);
    }
}
