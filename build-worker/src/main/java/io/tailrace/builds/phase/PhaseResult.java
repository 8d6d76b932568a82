package io.tailrace.builds.phase;

import io.tailrace.events.run.Failure;
import io.tailrace.events.stage.BuildFact.PhaseStatus;
import java.util.Optional;

/**
 * How a phase ended.
 *
 * @param exitCode of the command, also 128 + n when signal n ended it; absent when it never started
 * @param failure absent when it succeeded
 */
public record PhaseResult(PhaseStatus status, Optional<Integer> exitCode, Optional<Failure> failure) {

    private static final int SIGNALED = 128;
    private static final int LAST_SIGNAL = 31;
    private static final int SIGKILLED = SIGNALED + 9;
    private static final int CPU_TIME_SPENT = SIGNALED + 24;
    private static final int FILE_TOO_LARGE = SIGNALED + 25;

    static PhaseResult exited(String phase, int exitCode) {
        if (exitCode == 0) {
            return new PhaseResult(PhaseStatus.SUCCEEDED, Optional.of(0), Optional.empty());
        }
        if (exitCode == CPU_TIME_SPENT) {
            return failed(
                    phase,
                    exitCode,
                    "cpu_time_exceeded",
                    "A process of the phase used up its CPU time and was ended (exit code 152). Let it do less, or let the "
                            + "operator raise tailrace.worker.limits.cpu-time.");
        }
        if (exitCode == FILE_TOO_LARGE) {
            return failed(
                    phase,
                    exitCode,
                    "file_too_large",
                    "A process of the phase wrote a file that is larger than allowed and was ended (exit code 153). Write "
                            + "smaller files, or let the operator raise tailrace.worker.limits.file-size.");
        }
        // The command is not our child: its exit code comes through others, and 128 + n is also a command's own to
        // give.
        int signal = exitCode - SIGNALED;
        String message = exitCode == SIGKILLED
                ? "The command ended with exit code 137, as one that is killed does; a machine that is out of memory kills."
                : signal > 0 && signal <= LAST_SIGNAL
                        ? "The command ended with exit code " + exitCode
                                + "; its output says why, unless it was ended by" + " signal " + signal
                                + ", which gives the same code."
                        : "The command ended with exit code " + exitCode + "; its output says why.";
        return failed(phase, exitCode, "phase_failed", message);
    }

    private static PhaseResult failed(String phase, int exitCode, String code, String message) {
        return new PhaseResult(PhaseStatus.FAILED, Optional.of(exitCode), failure(code, message, phase));
    }

    /** The same with another cause. */
    public PhaseResult because(String code, String message) {
        return new PhaseResult(
                status, exitCode, failure.map(it -> new Failure(code, message + " " + it.message(), it.phase())));
    }

    /** A success that nothing proves, as a failure. */
    public PhaseResult unproven(String phase, String code, String message) {
        return new PhaseResult(PhaseStatus.FAILED, exitCode, failure(code, message, phase));
    }

    static PhaseResult notStarted(String phase, String code, String reason) {
        return new PhaseResult(PhaseStatus.FAILED, Optional.empty(), failure(code, reason, phase));
    }

    static PhaseResult stopped(
            PhaseStatus status, Optional<Integer> exitCode, String code, String reason, String phase) {
        return new PhaseResult(status, exitCode, failure(code, reason, phase));
    }

    private static Optional<Failure> failure(String code, String message, String phase) {
        return Optional.of(new Failure(code, message, Optional.of(phase)));
    }
}
