package io.tailrace.build.phase;

import io.tailrace.events.build.BuildFact.PhaseStatus;
import io.tailrace.events.run.Failure;
import java.util.Optional;

/**
 * How a phase ended.
 *
 * @param exitCode of the command, 128 + n when signal n ended it; absent when it never started
 * @param failure absent when it succeeded
 */
public record PhaseResult(PhaseStatus status, Optional<Integer> exitCode, Optional<Failure> failure) {

    private static final int SIGNALED = 128;
    private static final int SIGKILLED = SIGNALED + 9;

    static PhaseResult exited(String phase, int exitCode) {
        if (exitCode == 0) {
            return new PhaseResult(PhaseStatus.SUCCEEDED, Optional.of(0), Optional.empty());
        }
        String message = exitCode == SIGKILLED
                ? "The command was killed (exit code 137); a machine that is out of memory does that."
                : exitCode > SIGNALED
                        ? "The command was ended by signal " + (exitCode - SIGNALED) + " (exit code " + exitCode + ")."
                        : "The command ended with exit code " + exitCode + "; its output says why.";
        return new PhaseResult(PhaseStatus.FAILED, Optional.of(exitCode), failure("phase_failed", message, phase));
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
