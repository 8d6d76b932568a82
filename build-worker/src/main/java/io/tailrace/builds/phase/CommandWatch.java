package io.tailrace.builds.phase;

import io.tailrace.events.plan.Phase;
import io.tailrace.events.stage.BuildFact.PhaseStatus;
import io.tailrace.sandbox.process.Overuse;
import io.tailrace.worker.attempt.StopReason;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Decides when a phase is over, and how it ended. Does nothing itself: time (that of {@link System#nanoTime}) and inputs are given to it.
 * Confined to one thread.
 */
final class CommandWatch {

    /**
     * A pipe that stays silent for so long after its command's end is held open by what the command left running. If it left nothing
     * running, the pipe is about to be read to its end: on a busy machine that takes its time, and the phase's last words are in it.
     */
    private static final long SILENCE_AFTER_EXIT = Duration.ofMillis(300).toNanos();

    /** A pipe that is silent for so long is held open by something that the build's processes do not show. */
    private static final long LONGEST_SILENCE_AFTER_EXIT = Duration.ofSeconds(5).toNanos();

    /** More than a pipe can have held when its command ended: the rest is of what it left running. */
    private static final long BYTES_AFTER_EXIT = 1024 * 1024;

    /** How long to wait for the pipes of a tree that was ended, and for the command's exit code. */
    private static final long PATIENCE_AFTER_END = Duration.ofSeconds(2).toNanos();

    private static final long LONGEST_WAIT = Duration.ofSeconds(10).toNanos();

    /** Why the tree is being ended. */
    private enum Cause {
        TIMED_OUT,
        CANCELED,
        SHUTDOWN,
        OVERUSED
    }

    private final Phase phase;
    private final int command;
    private final List<Pipe> pipes;
    private final BooleanSupplier somethingRuns;
    private final long deadline;
    private Optional<Cause> cause = Optional.empty();
    private Optional<Overuse> overuse = Optional.empty();
    private Optional<Integer> exitCode = Optional.empty();
    private long exitedAt;
    private long bytesAtExit;
    private long lookAgainAt;
    private boolean heldOpen;
    private boolean treeEnded;
    private long treeEndedAt;

    /**
     * @param command its number, counted over the build
     * @param somethingRuns whether the build has processes; asked a few times a second at the most
     */
    CommandWatch(Phase phase, int command, List<Pipe> pipes, BooleanSupplier somethingRuns, long now) {
        this.command = command;
        this.somethingRuns = somethingRuns;
        this.phase = phase;
        this.pipes = pipes;
        this.deadline = now + phase.timeout().toNanos();
    }

    /** Whether the tree has to be ended now; true once. */
    boolean shouldEnd(long now, Optional<StopReason> stop) {
        if (cause.isPresent() || exitCode.isPresent()) {
            return false;
        }
        cause = stop.map(CommandWatch::causeOf)
                .or(() -> overuse.map(_ -> Cause.OVERUSED))
                .or(() -> now - deadline >= 0 ? Optional.of(Cause.TIMED_OUT) : Optional.empty());
        return cause.isPresent();
    }

    void handle(Input input, Process own, long now, long bytes) {
        switch (input) {
            case Input.Exited(Process process, int code) -> {
                if (process.equals(own)) {
                    exitCode = Optional.of(code);
                    exitedAt = now;
                    lookAgainAt = now;
                    bytesAtExit = bytes;
                }
            }
            case Input.TreeEnded _ -> {
                treeEnded = true;
                treeEndedAt = now;
            }
            case Input.Overused(int number, Overuse what) -> {
                if (number == command) {
                    overuse = Optional.of(overuse.orElse(what));
                }
            }
            case Input.Chunk _, Input.Closed _, Input.Wake _ -> {}
        }
    }

    /** What is being ended gets no time to end in order: it would only use more. */
    boolean endsAtOnce() {
        return cause.equals(Optional.of(Cause.OVERUSED));
    }

    /** Whether it is, as of what came in and what was seen. Changes nothing. */
    boolean isOver(long now, OutputPump pump) {
        if (cause.isPresent()) {
            return treeEnded && ((exitCode.isPresent() && areClosed()) || now - treeEndedAt >= PATIENCE_AFTER_END);
        }
        return exitCode.isPresent() && (areClosed() || pump.bytes() - bytesAtExit > BYTES_AFTER_EXIT || heldOpen);
    }

    /**
     * Looks whether the pipes of a command that has ended are held open by something that goes on after it, unless it
     * looked a moment ago.
     */
    void look(long now, OutputPump pump) {
        if (cause.isPresent() || exitCode.isEmpty() || areClosed()) {
            return;
        }
        long silence = now - silentSince(pump);
        heldOpen &= silence >= SILENCE_AFTER_EXIT;
        if (silence >= SILENCE_AFTER_EXIT && now - lookAgainAt >= 0) {
            lookAgainAt = now + SILENCE_AFTER_EXIT;
            heldOpen = silence >= LONGEST_SILENCE_AFTER_EXIT || somethingRuns.getAsBoolean();
        }
    }

    /** How long nothing needs to be decided if nothing comes in, in nanoseconds. */
    long waitAtMost(long now, OutputPump pump) {
        long until = LONGEST_WAIT;
        if (cause.isPresent()) {
            until = treeEnded ? treeEndedAt + PATIENCE_AFTER_END - now : until;
        } else if (exitCode.isPresent()) {
            until = Math.max(silentSince(pump) + SILENCE_AFTER_EXIT - now, lookAgainAt - now);
        } else {
            until = Math.min(until, deadline - now);
        }
        return Math.max(0, until);
    }

    PhaseResult result() {
        if (cause.isEmpty()) {
            return exitCode.map(code -> PhaseResult.exited(phase.name(), code))
                    .orElseThrow(() -> new IllegalStateException("the phase is not over"));
        }
        return switch (cause.get()) {
            case OVERUSED -> {
                Overuse what = overuse.orElseThrow();
                yield stopped(PhaseStatus.FAILED, what.code(), what.reason());
            }
            case TIMED_OUT ->
                stopped(
                        PhaseStatus.TIMED_OUT,
                        "phase_timed_out",
                        "The phase had not ended after " + phase.timeout().toMillis()
                                + " ms and was ended with all that it had started. If it needs longer, raise its timeout_ms.");
            case CANCELED -> stopped(PhaseStatus.CANCELED, "canceled", "The run was canceled.");
            case SHUTDOWN ->
                stopped(
                        PhaseStatus.CANCELED,
                        "worker_shutdown",
                        "The worker was shut down; the build starts again on another.");
        };
    }

    private PhaseResult stopped(PhaseStatus status, String code, String reason) {
        return PhaseResult.stopped(status, exitCode, code, reason, phase.name());
    }

    private boolean areClosed() {
        return pipes.stream().allMatch(Pipe::isClosed);
    }

    private long silentSince(OutputPump pump) {
        return Math.max(exitedAt, pump.lastOutputAt());
    }

    private static Cause causeOf(StopReason reason) {
        return switch (reason) {
            case CANCELED -> Cause.CANCELED;
            case SHUTDOWN, LOST -> Cause.SHUTDOWN; // a lost attempt says nothing of its end
        };
    }
}
