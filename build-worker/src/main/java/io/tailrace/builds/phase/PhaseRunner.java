package io.tailrace.builds.phase;

import io.tailrace.events.log.TraceContext;
import io.tailrace.events.plan.Phase;
import io.tailrace.events.stage.BuildFact;
import io.tailrace.events.stage.BuildFact.PhaseStatus;
import io.tailrace.sandbox.isolation.Secrets;
import io.tailrace.sandbox.process.BuildScope;
import io.tailrace.sandbox.process.CommandNotStarted;
import io.tailrace.sandbox.process.ProcessTree;
import io.tailrace.service.trace.RunSpan;
import io.tailrace.service.trace.Traces;
import io.tailrace.worker.attempt.AttemptLog;
import io.tailrace.worker.attempt.AttemptLost;
import io.tailrace.worker.attempt.StopReason;
import io.tailrace.worker.attempt.StopSignal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the phases of one build, one after the other, and appends what happens: for each phase its start, its output and its end.
 *
 * <p>A phase ends when its command has ended. What it left running goes on beside the later phases, its output among theirs, until the
 * build ends; a time-out or a stop ends everything that the build has started. Confined to one thread, which blocks while the log takes
 * less than the phase prints.
 */
public final class PhaseRunner implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(PhaseRunner.class);

    /** How long to wait for the pipes of a tree that was ended. */
    private static final Duration PIPE_PATIENCE = Duration.ofSeconds(2);

    private final BuildScope scope;
    private final Map<String, String> workerEnvironment;
    private final Map<String, String> inputs;
    private final ProcessTree tree;
    private final AttemptLog<BuildFact> attemptLog;
    private final StopSignal stop;
    private final PhaseSettings settings;
    private final Secrets secrets;
    private final OutputPump pump;
    private final Traces traces;

    /** How many were started: written by the build's thread, read by the one that watches. */
    private volatile int commands;

    /** For a build that gets no results of earlier steps, and whose phases are in no trace. */
    public PhaseRunner(
            BuildScope scope,
            Map<String, String> workerEnvironment,
            ProcessTree tree,
            AttemptLog<BuildFact> attemptLog,
            StopSignal stop,
            PhaseSettings settings,
            Secrets secrets) {
        this(scope, workerEnvironment, Map.of(), tree, attemptLog, stop, settings, secrets, Traces.NONE);
    }

    /**
     * @param scope the build's; commands work in its folder
     * @param workerEnvironment of which an allow-list is passed on
     * @param inputs results of earlier steps as variables of every phase: a model's words, in which no secret is looked for
     * @param tree the build's, ended by {@link #close}
     * @param traces each phase is a span below the one that its thread is in
     */
    public PhaseRunner(
            BuildScope scope,
            Map<String, String> workerEnvironment,
            Map<String, String> inputs,
            ProcessTree tree,
            AttemptLog<BuildFact> attemptLog,
            StopSignal stop,
            PhaseSettings settings,
            Secrets secrets,
            Traces traces) {
        this.scope = scope;
        this.inputs = Map.copyOf(inputs);
        this.secrets = secrets;
        this.workerEnvironment = Map.copyOf(workerEnvironment);
        this.tree = tree;
        this.attemptLog = attemptLog;
        this.stop = stop;
        this.settings = settings;
        this.traces = traces;
        this.pump = new OutputPump(attemptLog, settings, secrets);
        tree.whenOverused(overuse -> pump.signal(new Input.Overused(commands, overuse)));
        stop.whenStopped(() -> pump.signal(new Input.Wake()));
    }

    /** How many console lines were appended. */
    public long lines() {
        return pump.lines();
    }

    /** How many bytes were read from the commands. */
    public long bytes() {
        return pump.bytes();
    }

    /**
     * Runs a phase to its end.
     *
     * @param index which phase it is, from 1
     * @throws AttemptLost when nothing may be written any more; {@link #close} ends the tree
     */
    public PhaseResult run(Phase phase, int index, int phases) throws AttemptLost, InterruptedException {
        return run(phase, index, phases, UnaryOperator.identity());
    }

    /**
     * Says that there was nothing to do in a phase.
     *
     * @param note why
     */
    public PhaseResult skip(Phase phase, int index, int phases, String note) throws AttemptLost {
        pump.flush();
        attemptLog.append(new BuildFact.BuildPhaseStarted(
                phase.name(), phase.title(), index, phases, List.of(), phase.timeout()));
        attemptLog.append(new BuildFact.BuildPhaseCompleted(
                phase.name(),
                PhaseStatus.SKIPPED,
                Duration.ZERO,
                Optional.empty(),
                Optional.empty(),
                Optional.of(note)));
        return new PhaseResult(PhaseStatus.SKIPPED, Optional.empty(), Optional.empty());
    }

    /**
     * Runs a phase to its end.
     *
     * @param explain makes more of what is known of the result
     * @throws AttemptLost when nothing may be written any more; {@link #close} ends the tree
     */
    public PhaseResult run(Phase phase, int index, int phases, UnaryOperator<PhaseResult> explain)
            throws AttemptLost, InterruptedException {
        try (RunSpan span = traces.begin("build.phase").with("tailrace.phase", phase.name())) {
            PhaseResult result;
            try {
                result = run(phase, index, phases, explain, span.context());
            } catch (AttemptLost e) {
                span.failed("attempt_lost", String.valueOf(e.getMessage()));
                throw e;
            }
            result.exitCode().ifPresent(it -> span.with("process.exit.code", it));
            result.failure().ifPresent(it -> span.failed(it.code(), it.message()));
            return result;
        }
    }

    private PhaseResult run(
            Phase phase, int index, int phases, UnaryOperator<PhaseResult> explain, Optional<TraceContext> trace)
            throws AttemptLost, InterruptedException {
        pump.flush();
        pump.enter(phase.name());
        attemptLog.append(new BuildFact.BuildPhaseStarted(
                phase.name(), phase.title(), index, phases, phase.argv(), phase.timeout()));
        long started = System.nanoTime();
        PhaseResult result = explain.apply(execute(phase, trace));
        throwIfLost();
        pump.flush();
        attemptLog.append(new BuildFact.BuildPhaseCompleted(
                phase.name(),
                result.status(),
                Duration.ofNanos(System.nanoTime() - started),
                result.exitCode(),
                result.failure()));
        return result;
    }

    private PhaseResult execute(Phase phase, Optional<TraceContext> trace) throws AttemptLost, InterruptedException {
        int command = commands + 1;
        commands = command;
        Process process;
        try {
            Map<String, String> environment = PhaseEnvironment.of(
                    workerEnvironment,
                    scope.folder(),
                    scope.temporary(),
                    inputs,
                    secrets.resolve(phase.environment()),
                    trace);
            process = tree.start(phase.argv(), environment);
        } catch (CommandNotStarted e) {
            return PhaseResult.notStarted(phase.name(), e.code(), e.reason());
        }
        CommandWatch watch =
                new CommandWatch(phase, command, pump.open(process), () -> tree.size() > 0, System.nanoTime());
        Thread.ofVirtual().name("build-exit").start(() -> announceExit(process));
        while (!watch.isOver(System.nanoTime(), pump)) {
            throwIfLost();
            if (watch.shouldEnd(System.nanoTime(), stop.reason())) {
                endTree(watch.endsAtOnce() ? Duration.ZERO : settings.killGrace());
            }
            Optional<Input> input = pump.step(watch.waitAtMost(System.nanoTime(), pump));
            if (input.isPresent()) {
                watch.handle(input.get(), process, System.nanoTime(), pump.bytes());
            }
            watch.look(System.nanoTime(), pump);
        }
        return watch.result();
    }

    /** Without a grace for what runs: somebody else is at it already. */
    private void throwIfLost() throws AttemptLost {
        if (stop.reason().equals(Optional.of(StopReason.LOST))) {
            throw new AttemptLost("the stage was given to another attempt or has ended");
        }
    }

    /** On a thread of its own: {@link Process#onExit} would need one of the common pool, which others may keep busy. */
    private void announceExit(Process process) {
        try {
            pump.signal(new Input.Exited(process, process.waitFor()));
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this thread", e);
        }
    }

    /** Ends what the build left running and appends the rest of the output. */
    public void finish() throws AttemptLost, InterruptedException {
        if (!pump.areAllClosed() || tree.size() > 0) {
            endTree(settings.killGrace());
            long giveUpAt = Long.MAX_VALUE;
            boolean ended = false;
            while (!(ended && pump.areAllClosed()) && System.nanoTime() - giveUpAt < 0) {
                Optional<Input> input = pump.step(PIPE_PATIENCE.toNanos());
                if (input.isPresent() && input.get() instanceof Input.TreeEnded) {
                    ended = true;
                    giveUpAt = System.nanoTime() + PIPE_PATIENCE.toNanos();
                }
            }
        }
        pump.flush();
    }

    /** Beside this thread, which goes on taking output: a process that prints while it ends must not hang in a write. */
    private void endTree(Duration grace) {
        Thread.ofPlatform().daemon().name("build-end").start(() -> {
            int leftOver = -1;
            try {
                leftOver = tree.end(grace);
            } finally {
                pump.signal(new Input.TreeEnded(leftOver));
            }
            if (leftOver > 0) {
                log.error("{} processes of the build in {} could not be ended", leftOver, scope.folder());
            }
        });
    }

    /** Ends at once whatever of the build still runs; what it still prints is dropped. Blocks for up to about 10 s. */
    @Override
    public void close() {
        pump.discard();
        int leftOver = tree.end(Duration.ZERO);
        if (leftOver > 0) {
            log.error("{} processes of the build in {} could not be ended", leftOver, scope.folder());
        }
        if (!pump.join(PIPE_PATIENCE)) {
            log.error("An output pipe of the build in {} is still held open", scope.folder());
        }
    }
}
