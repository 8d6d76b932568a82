package io.tailrace.builds.stage;

import io.tailrace.builds.phase.PhaseResult;
import io.tailrace.events.plan.Phase;
import io.tailrace.events.run.Failure;
import io.tailrace.events.run.Outcome;
import io.tailrace.events.stage.BuildFact;
import io.tailrace.events.stage.BuildFact.BuildReason;
import io.tailrace.events.stage.BuildFact.EnvironmentResult;
import io.tailrace.worker.attempt.StopReason;
import java.time.Duration;
import java.util.Optional;

/**
 * Adds the phases of a build up to its result. A phase that may fail ({@code continue_on_failure}) does not fail the build; a build whose
 * last phase ended before a cancel was seen is not canceled. Confined to the build's thread.
 */
final class BuildTally {

    private final BuildReason reason;
    private final long startedAt = System.nanoTime();
    private Optional<Failure> failure = Optional.empty();
    private Optional<Integer> exitCode = Optional.empty();
    private Optional<EnvironmentResult> environment = Optional.empty();
    private boolean complete;
    private int phasesRun;
    private long lines;
    private long bytes;

    BuildTally(BuildReason reason) {
        this.reason = reason;
    }

    /** What is to be said of the environment that the build makes. */
    void environment(EnvironmentResult result) {
        environment = Optional.of(result);
    }

    /** A failure that no phase stands for. */
    void fail(Failure why) {
        failure = Optional.of(why);
    }

    /** Whether all phases have run to their ends. */
    boolean isComplete() {
        return complete && failure.isEmpty();
    }

    /** Whether the next phase runs. */
    boolean goesOn() {
        return failure.isEmpty();
    }

    void add(Phase phase, PhaseResult result, boolean last) {
        phasesRun++;
        switch (result.status()) {
            case SUCCEEDED, SKIPPED -> {
                exitCode = result.exitCode();
                complete = last;
            }
            case FAILED, TIMED_OUT -> {
                exitCode = result.exitCode();
                if (phase.continueOnFailure()) {
                    complete = last;
                } else {
                    failure = result.failure();
                }
            }
            case CANCELED -> exitCode = result.exitCode();
        }
    }

    void output(long allLines, long allBytes) {
        lines = allLines;
        bytes = allBytes;
    }

    /**
     * The fact that ends the stage.
     *
     * @param stop why the build had to stop, if it had to
     * @return nothing when the stage is to be given back
     */
    Optional<BuildFact> result(Optional<StopReason> stop) {
        if (failure.isPresent()) {
            return Optional.of(completed(Outcome.FAILED, failure));
        }
        if (complete) {
            return Optional.of(completed(Outcome.SUCCEEDED, Optional.empty()));
        }
        return stop.filter(StopReason.CANCELED::equals)
                .map(_ -> completed(Outcome.CANCELED, Optional.of(Failure.of("canceled", "The run was canceled."))));
    }

    /** The fact that ends a stage in which nothing had to be done. */
    BuildFact nothingToDo() {
        return completed(Outcome.SUCCEEDED, Optional.empty());
    }

    /** The fact that ends a stage whose phases cannot be known. */
    BuildFact impossible(Failure why) {
        return completed(Outcome.FAILED, Optional.of(why));
    }

    private BuildFact completed(Outcome outcome, Optional<Failure> why) {
        Optional<Integer> code = outcome == Outcome.SUCCEEDED ? Optional.of(0) : exitCode;
        return new BuildFact.BuildCompleted(
                outcome,
                reason,
                Duration.ofNanos(System.nanoTime() - startedAt),
                code,
                why,
                phasesRun,
                lines,
                bytes,
                environment);
    }
}
