package io.tailrace.builds.stage;

import io.tailrace.builds.input.BuildInputs;
import io.tailrace.builds.phase.PhaseRunner;
import io.tailrace.builds.phase.PhaseSettings;
import io.tailrace.builds.recipe.Recipes;
import io.tailrace.events.stage.BuildFact;
import io.tailrace.sandbox.folder.BuildFolder;
import io.tailrace.sandbox.folder.WorkerFolder;
import io.tailrace.sandbox.isolation.Secrets;
import io.tailrace.sandbox.process.BuildProcesses;
import io.tailrace.sandbox.process.BuildScope;
import io.tailrace.sandbox.process.ProcessTree;
import io.tailrace.service.trace.Traces;
import io.tailrace.worker.attempt.AttemptLog;
import io.tailrace.worker.attempt.AttemptLost;
import io.tailrace.worker.attempt.StopReason;
import io.tailrace.worker.attempt.StopSignal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What builds of every recipe need of their worker. Immutable. */
record BuildSurroundings(
        Recipes recipes,
        WorkerFolder folders,
        BuildProcesses processes,
        PhaseSettings settings,
        Map<String, String> workerEnvironment,
        Secrets secrets,
        BuildMetrics metrics,
        Traces traces) {

    private static final Logger log = LoggerFactory.getLogger(BuildSurroundings.class);

    /** @param tree ended by the runner */
    PhaseRunner runner(BuildScope scope, ProcessTree tree, AttemptLog<BuildFact> attemptLog, StopSignal stop) {
        return runner(scope, BuildInputs.NONE, tree, attemptLog, stop);
    }

    /** @param tree ended by the runner */
    PhaseRunner runner(
            BuildScope scope, BuildInputs inputs, ProcessTree tree, AttemptLog<BuildFact> attemptLog, StopSignal stop) {
        return new PhaseRunner(
                scope, workerEnvironment, inputs.variables(), tree, attemptLog, stop, settings, secrets, traces);
    }

    BuildFolder newFolder() {
        try {
            return folders.create();
        } catch (IOException e) {
            throw new UncheckedIOException("no folder can be made for a build in " + folders.path(), e);
        }
    }

    void remove(BuildFolder folder) {
        try {
            folder.remove();
        } catch (IOException e) {
            log.warn("The folder {} cannot be removed; the next start of a worker tries again", folder.path(), e);
        }
    }

    /** Whether builds lie in this folder. */
    boolean isAround(Path folder) {
        return folders.path().startsWith(folder);
    }

    void throwIfLost(StopSignal stop) throws AttemptLost {
        if (stop.reason().equals(Optional.of(StopReason.LOST))) {
            throw new AttemptLost("the stage was given to another attempt or has ended");
        }
    }
}
