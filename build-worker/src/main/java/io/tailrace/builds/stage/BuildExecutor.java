package io.tailrace.builds.stage;

import io.tailrace.builds.input.BuildInputs;
import io.tailrace.builds.input.UnusableInput;
import io.tailrace.builds.phase.PhaseResult;
import io.tailrace.builds.phase.PhaseRunner;
import io.tailrace.builds.recipe.InvalidRecipe;
import io.tailrace.events.plan.BuildStep;
import io.tailrace.events.plan.Phase;
import io.tailrace.events.stage.BuildFact;
import io.tailrace.events.stage.BuildFact.BuildReason;
import io.tailrace.events.stage.BuildFact.PlannedPhase;
import io.tailrace.events.work.BuildRequest;
import io.tailrace.sandbox.folder.BuildFolder;
import io.tailrace.sandbox.process.BuildScope;
import io.tailrace.sandbox.process.ProcessTree;
import io.tailrace.worker.attempt.AttemptLog;
import io.tailrace.worker.attempt.AttemptLost;
import io.tailrace.worker.attempt.StopSignal;
import io.tailrace.worker.result.CallArguments;
import io.tailrace.worker.result.StepResults;
import io.tailrace.worker.stage.StageExecutor;
import io.tailrace.worker.stage.StageRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/** Runs the phases of a build in a folder and a process tree of their own, and leaves nothing of either behind. Safe from any thread. */
final class BuildExecutor implements StageExecutor<BuildRequest, BuildFact> {

    /** The recipe {@code commands} keeps nothing between builds. */
    private static final BuildReason REASON = BuildReason.DIRTY_OR_MISSING;

    private final BuildSurroundings surroundings;
    private final EnvironmentBuilds environments;
    private final StepResults results;
    private final CallArguments arguments;

    BuildExecutor(
            BuildSurroundings surroundings,
            EnvironmentBuilds environments,
            StepResults results,
            CallArguments arguments) {
        this.surroundings = surroundings;
        this.environments = environments;
        this.results = results;
        this.arguments = arguments;
    }

    @Override
    public void execute(StageRequest<BuildRequest> request, AttemptLog<BuildFact> attemptLog, StopSignal stop)
            throws AttemptLost {
        AttemptLog<BuildFact> counted = surroundings.metrics().counting(attemptLog);
        BuildStep step = request.work().step();
        BuildTally tally = new BuildTally(REASON);
        if (step.recipe().equals(BuildStep.PYTHON_ENV)) {
            if (step.inputList().isEmpty()) {
                environments.execute(request.work(), counted, stop);
            } else {
                counted.append(created(step, List.of()));
                counted.end(tally.impossible(UnusableInput.recipe(step.recipe()).toFailure()));
            }
            return;
        }
        try {
            List<Phase> phases = surroundings.recipes().phasesOf(step);
            counted.append(created(step, phases));
            run(step, phases, BuildInputs.read(request.work(), phases, results, arguments), counted, stop, tally);
        } catch (InvalidRecipe e) {
            counted.append(created(step, List.of()));
            counted.end(tally.impossible(e.toFailure()));
        } catch (UnusableInput e) {
            counted.end(tally.impossible(e.toFailure()));
        }
    }

    private void run(
            BuildStep step,
            List<Phase> phases,
            BuildInputs inputs,
            AttemptLog<BuildFact> attemptLog,
            StopSignal stop,
            BuildTally tally)
            throws AttemptLost, UnusableInput {
        BuildFolder folder = surroundings.newFolder();
        BuildScope scope = new BuildScope(
                folder.path(), folder.temporary(), surroundings.recipes().foldersOf(step), List.of(), true);
        try {
            write(inputs, folder);
            try (ProcessTree tree = surroundings.processes().open(scope);
                    PhaseRunner runner = surroundings.runner(scope, inputs, tree, attemptLog, stop)) {
                runPhases(phases, attemptLog, stop, runner, tally);
            }
            surroundings.throwIfLost(stop);
            Optional<BuildFact> result = tally.result(stop.reason());
            if (result.isPresent()) {
                attemptLog.end(result.get());
            }
        } finally {
            surroundings.remove(folder);
        }
    }

    private static void write(BuildInputs inputs, BuildFolder folder) throws UnusableInput {
        try {
            inputs.writeFiles(folder.path());
        } catch (IOException e) {
            throw new UncheckedIOException("the files of a build's inputs cannot be written in " + folder.path(), e);
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
}
