package io.tailrace.build.stage;

import io.tailrace.build.folder.BuildFolder;
import io.tailrace.build.folder.WorkerFolder;
import io.tailrace.build.isolation.Secrets;
import io.tailrace.build.phase.PhaseResult;
import io.tailrace.build.phase.PhaseRunner;
import io.tailrace.build.phase.PhaseSettings;
import io.tailrace.build.process.BuildProcesses;
import io.tailrace.build.process.BuildScope;
import io.tailrace.build.process.ProcessTree;
import io.tailrace.build.recipe.InvalidRecipe;
import io.tailrace.build.recipe.Recipes;
import io.tailrace.events.build.BuildFact;
import io.tailrace.events.build.BuildFact.BuildReason;
import io.tailrace.events.build.BuildFact.PlannedPhase;
import io.tailrace.events.plan.BuildStep;
import io.tailrace.events.plan.Phase;
import io.tailrace.events.work.BuildRequest;
import io.tailrace.worker.attempt.AttemptLog;
import io.tailrace.worker.attempt.AttemptLost;
import io.tailrace.worker.attempt.StopReason;
import io.tailrace.worker.attempt.StopSignal;
import io.tailrace.worker.stage.StageExecutor;
import io.tailrace.worker.stage.StageRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the phases of a build in a folder and a process tree of their own, and leaves nothing of either behind. Safe from any thread. */
final class BuildExecutor implements StageExecutor<BuildRequest, BuildFact> {

    private static final Logger log = LoggerFactory.getLogger(BuildExecutor.class);

    /** The recipe {@code commands} keeps nothing between builds. */
    private static final BuildReason REASON = BuildReason.DIRTY_OR_MISSING;

    private final Recipes recipes;
    private final WorkerFolder folders;
    private final BuildProcesses processes;
    private final PhaseSettings settings;
    private final Map<String, String> workerEnvironment;
    private final Secrets secrets;
    private final BuildMetrics metrics;

    BuildExecutor(
            Recipes recipes,
            WorkerFolder folders,
            BuildProcesses processes,
            PhaseSettings settings,
            Map<String, String> workerEnvironment,
            Secrets secrets,
            BuildMetrics metrics) {
        this.recipes = recipes;
        this.folders = folders;
        this.processes = processes;
        this.settings = settings;
        this.workerEnvironment = workerEnvironment;
        this.secrets = secrets;
        this.metrics = metrics;
    }

    @Override
    public void execute(StageRequest<BuildRequest> request, AttemptLog<BuildFact> attemptLog, StopSignal stop)
            throws AttemptLost {
        AttemptLog<BuildFact> counted = metrics.counting(attemptLog);
        BuildStep step = request.work().step();
        BuildTally tally = new BuildTally(REASON);
        try {
            List<Phase> phases = recipes.phasesOf(step);
            counted.append(created(step, phases));
            run(step, phases, counted, stop, tally);
        } catch (InvalidRecipe e) {
            counted.append(created(step, List.of()));
            counted.end(tally.impossible(e.toFailure()));
        }
    }

    private void run(
            BuildStep step, List<Phase> phases, AttemptLog<BuildFact> attemptLog, StopSignal stop, BuildTally tally)
            throws AttemptLost {
        BuildFolder folder = newFolder();
        BuildScope scope = new BuildScope(folder.path(), folder.temporary(), recipes.foldersOf(step), List.of(), true);
        try {
            try (ProcessTree tree = processes.open(scope);
                    PhaseRunner runner =
                            new PhaseRunner(scope, workerEnvironment, tree, attemptLog, stop, settings, secrets)) {
                runPhases(phases, attemptLog, stop, runner, tally);
            }
            Optional<StopReason> stopped = stop.reason();
            if (stopped.equals(Optional.of(StopReason.LOST))) {
                throw new AttemptLost("the stage was given to another attempt or has ended");
            }
            Optional<BuildFact> result = tally.result(stopped);
            if (result.isPresent()) {
                attemptLog.end(result.get());
            }
        } finally {
            remove(folder);
        }
    }

    private static void runPhases(
            List<Phase> phases, AttemptLog<BuildFact> attemptLog, StopSignal stop, PhaseRunner runner, BuildTally tally)
            throws AttemptLost {
        try {
            attemptLog.append(new BuildFact.BuildStarted(REASON));
            for (int i = 0; i < phases.size() && tally.goesOn() && stop.reason().isEmpty(); i++) {
                Phase phase = phases.get(i);
                PhaseResult result = runner.run(phase, i + 1, phases.size());
                tally.add(phase, result, i + 1 == phases.size());
            }
            runner.finish();
            tally.output(runner.lines(), runner.bytes());
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts the thread of a stage", e);
        }
    }

    private static BuildFact created(BuildStep step, List<Phase> phases) {
        List<PlannedPhase> planned = phases.stream()
                .map(phase -> new PlannedPhase(phase.name(), phase.title()))
                .toList();
        return new BuildFact.BuildCreated(step.recipe(), step.definition(), REASON, true, planned);
    }

    private BuildFolder newFolder() {
        try {
            return folders.create();
        } catch (IOException e) {
            throw new UncheckedIOException("no folder can be made for a build in " + folders.path(), e);
        }
    }

    private static void remove(BuildFolder folder) {
        try {
            folder.remove();
        } catch (IOException e) {
            log.warn("The folder {} cannot be removed; the next start of a worker tries again", folder.path(), e);
        }
    }
}
