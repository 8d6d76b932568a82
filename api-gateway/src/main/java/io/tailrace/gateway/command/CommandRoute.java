package io.tailrace.gateway.command;

import io.tailrace.events.command.RunCommand;
import io.tailrace.events.id.RunId;
import io.tailrace.events.kafka.KafkaRecords;
import io.tailrace.events.run.RunView;
import io.tailrace.gateway.decision.DecisionWatch;
import io.tailrace.gateway.decision.WaitingFor;
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
    private final DecisionWatch decisions;
    private final int partitions;
    private final CommandIds ids;
    private final InstantSource clock;
    private final Duration decideWithin;
    private final CommandMeters meters;

    CommandRoute(
            CommandLog log,
            RunCatalogue catalogue,
            DecisionWatch decisions,
            int partitions,
            CommandIds ids,
            InstantSource clock,
            Duration decideWithin,
            CommandMeters meters) {
        this.log = log;
        this.catalogue = catalogue;
        this.decisions = decisions;
        this.partitions = partitions;
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

    /** Why a command of this run that was recorded is not seen decided. */
    WaitingFor waitingFor(RunId run) throws InterruptedException {
        return decisions.waitingFor(KafkaRecords.partitionOf(run, partitions));
    }

    /** What became of a command that was recorded and waited for. */
    CommandOutcome outcome(RunId run, Optional<RunView> seen) throws InterruptedException {
        return seen.isPresent()
                ? new CommandOutcome.Decided(seen.get())
                : new CommandOutcome.Pending(run, waitingFor(run));
    }

    /** Nothing had to be recorded: the same command had been given before. */
    void replayed(CommandMeters.Kind command) {
        meters.replayed(command);
    }
}
