package io.tailrace.builds.stage;

import io.tailrace.builds.artifact.ArchiveProblem;
import io.tailrace.builds.artifact.Archives;
import io.tailrace.builds.artifact.ArtifactCache;
import io.tailrace.builds.environment.EnvironmentSlot;
import io.tailrace.builds.environment.EnvironmentStore;
import io.tailrace.builds.environment.StoredEnvironment;
import io.tailrace.builds.environment.UnfitEnvironment;
import io.tailrace.builds.phase.Inquiry;
import io.tailrace.builds.phase.PhaseResult;
import io.tailrace.builds.phase.PhaseRunner;
import io.tailrace.builds.python.EnvironmentProblem;
import io.tailrace.builds.python.PythonEnvironment;
import io.tailrace.builds.python.PythonPhases;
import io.tailrace.builds.recipe.EnvironmentRecipe;
import io.tailrace.builds.recipe.InvalidRecipe;
import io.tailrace.events.archive.ArchiveLimits;
import io.tailrace.events.definition.ArtifactRef;
import io.tailrace.events.plan.BuildStep;
import io.tailrace.events.plan.EnvironmentStep;
import io.tailrace.events.plan.Phase;
import io.tailrace.events.run.Failure;
import io.tailrace.events.stage.BuildFact;
import io.tailrace.events.stage.BuildFact.BuildReason;
import io.tailrace.events.stage.BuildFact.EnvironmentResult;
import io.tailrace.events.work.BuildRequest;
import io.tailrace.sandbox.folder.BuildFolder;
import io.tailrace.sandbox.folder.FolderRemoval;
import io.tailrace.sandbox.process.BuildScope;
import io.tailrace.sandbox.process.ProcessTree;
import io.tailrace.worker.attempt.AttemptLog;
import io.tailrace.worker.attempt.AttemptLost;
import io.tailrace.worker.attempt.StopReason;
import io.tailrace.worker.attempt.StopSignal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Builds Python environments, or finds that there is one already. Safe from any thread.
 *
 * <p>While it looks and builds it holds the environment's place, so that of several builds of the same one the first builds and the others
 * wait and use it.
 */
final class EnvironmentBuilds {

    private static final Logger log = LoggerFactory.getLogger(EnvironmentBuilds.class);

    private final BuildSurroundings surroundings;
    private final EnvironmentStore store;
    private final ArtifactCache archives;
    private final boolean networkAllowed;
    private final Supplier<String> names;

    /**
     * @param networkAllowed whether builds have the worker's network
     * @param names of folders, never the same twice
     */
    EnvironmentBuilds(
            BuildSurroundings surroundings,
            EnvironmentStore store,
            ArtifactCache archives,
            boolean networkAllowed,
            Supplier<String> names) {
        this.surroundings = surroundings;
        this.store = store;
        this.archives = archives;
        this.networkAllowed = networkAllowed;
        this.names = names;
    }

    void execute(BuildRequest work, AttemptLog<BuildFact> attemptLog, StopSignal stop) throws AttemptLost {
        BuildFolder folder = surroundings.newFolder();
        try {
            execute(work, folder, attemptLog, stop);
            evict();
        } catch (IOException e) {
            throw new UncheckedIOException("the environments in " + store.path() + " cannot be used", e);
        } finally {
            surroundings.remove(folder);
        }
    }

    private void evict() {
        try {
            surroundings.metrics().evicted(store.evict());
        } catch (IOException e) {
            log.warn("Old environments in {} cannot be removed; the next build tries again", store.path(), e);
        }
    }

    private void execute(BuildRequest work, BuildFolder folder, AttemptLog<BuildFact> attemptLog, StopSignal stop)
            throws AttemptLost, IOException {
        BuildStep step = work.step();
        BuildTally tally = new BuildTally(BuildReason.DIRTY_OR_MISSING);
        EnvironmentRecipe recipe;
        PythonEnvironment wanted;
        EnvironmentStep asked;
        ArtifactRef archive;
        try {
            asked = step.environment().orElseThrow(() -> EnvironmentProblem.noArchive(""));
            EnvironmentStep named = asked;
            archive = asked.archive().orElseThrow(() -> EnvironmentProblem.noArchive(named.configuration()));
            recipe = surroundings.recipes().environmentOf(step);
            wanted = wanted(work, recipe, asked, archive, folder);
        } catch (InvalidRecipe e) {
            cannot(step, e.toFailure(), tally, attemptLog);
            return;
        } catch (EnvironmentProblem e) {
            cannot(step, e.toFailure(), tally, attemptLog);
            return;
        }
        BooleanSupplier stopped = () -> stop.reason().isPresent();
        Optional<EnvironmentSlot> slot = store.lock(wanted.fingerprint(), stopped);
        if (slot.isEmpty()) {
            surroundings.throwIfLost(stop);
            attemptLog.append(created(step, wanted, BuildReason.DIRTY_OR_MISSING));
            end(tally, stop, attemptLog);
            return;
        }
        try (EnvironmentSlot locked = slot.get()) {
            Optional<StoredEnvironment> current = asked.force() ? Optional.empty() : locked.current();
            if (current.isPresent()) {
                reuse(step, wanted, current.get(), attemptLog);
            } else {
                BuildReason reason = asked.force() ? BuildReason.FORCE_REBUILD : BuildReason.DIRTY_OR_MISSING;
                attemptLog.append(created(step, wanted, reason));
                attemptLog.append(new BuildFact.BuildStarted(reason));
                build(new Job(recipe, wanted, archive, reason, folder, locked, attemptLog, stop));
            }
        }
    }

    private void cannot(BuildStep step, Failure why, BuildTally tally, AttemptLog<BuildFact> attemptLog)
            throws AttemptLost {
        attemptLog.append(new BuildFact.BuildCreated(
                step.recipe(), step.definition(), BuildReason.DIRTY_OR_MISSING, true, List.of()));
        attemptLog.end(tally.impossible(why));
    }

    private PythonEnvironment wanted(
            BuildRequest work, EnvironmentRecipe recipe, EnvironmentStep asked, ArtifactRef archive, BuildFolder folder)
            throws EnvironmentProblem {
        if (recipe.definition().index().isPresent() && !networkAllowed) {
            throw EnvironmentProblem.noNetwork();
        }
        BuildScope scope =
                new BuildScope(folder.path(), folder.temporary(), interpreterFolder(recipe), List.of(), false);
        try (ProcessTree tree = surroundings.processes().open(scope)) {
            return PythonEnvironment.of(
                    recipe.definition(),
                    recipe.folder(),
                    work.workspace(),
                    asked.configuration(),
                    archive,
                    new Inquiry(tree, scope, surroundings.workerEnvironment()));
        }
    }

    /** An interpreter that the operator names by its full path lies in a folder that builds then read. */
    private List<Path> interpreterFolder(EnvironmentRecipe recipe) {
        Path python = Path.of(recipe.definition().python());
        if (!python.isAbsolute() || !Files.exists(python)) {
            return List.of();
        }
        List<Path> folders = new ArrayList<>();
        for (Path path : List.of(python, realPath(python))) {
            Optional<Path> prefix =
                    Optional.ofNullable(path.getParent()).flatMap(bin -> Optional.ofNullable(bin.getParent()));
            prefix.filter(it -> it.getNameCount() >= 2)
                    .filter(it -> !surroundings.isAround(it) && !store.path().startsWith(it))
                    .ifPresent(folders::add);
        }
        return folders;
    }

    private static Path realPath(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            return path;
        }
    }

    private void reuse(
            BuildStep step, PythonEnvironment wanted, StoredEnvironment current, AttemptLog<BuildFact> attemptLog)
            throws AttemptLost {
        BuildTally tally = new BuildTally(BuildReason.REUSE_OK);
        tally.environment(result(wanted, current, false, false));
        attemptLog.append(created(step, wanted, BuildReason.REUSE_OK));
        attemptLog.end(tally.nothingToDo());
        surroundings.metrics().environment("reused");
    }

    private void build(Job job) throws AttemptLost, IOException {
        BuildTally tally = new BuildTally(job.reason);
        boolean force = job.reason == BuildReason.FORCE_REBUILD;
        tally.environment(
                new EnvironmentResult(true, force, Optional.empty(), Optional.empty(), List.of(), Optional.empty()));
        Path target = job.slot.prepare(names.get());
        boolean published = false;
        try {
            Path work = Files.createDirectory(job.folder.path().resolve("environment"));
            Optional<Path> project = project(job, work);
            if (project.isPresent()) {
                PythonPhases phases = job.wanted.phases(work, project.get(), target);
                runPhases(job, phases, target, tally);
                surroundings.throwIfLost(job.stop);
                if (tally.isComplete()) {
                    StoredEnvironment built = new StoredEnvironment(
                            job.wanted.interpreterVersion(), phases.packages(), job.slot.sizeOf(target));
                    job.slot.publish(target, built);
                    published = true;
                    tally.environment(result(job.wanted, built, true, force));
                }
            }
        } catch (ArchiveProblem e) {
            tally.fail(Failure.of(e.code(), e.reason()));
        } catch (UnfitEnvironment e) {
            tally.fail(Failure.of(e.code(), e.reason()));
        } finally {
            if (!published) {
                removeUnfinished(target);
            }
        }
        surroundings.metrics().environment(published ? "built" : "failed");
        end(tally, job.stop, job.attemptLog);
    }

    private Optional<Path> project(Job job, Path work) throws ArchiveProblem, IOException {
        Optional<Path> archive =
                archives.fetch(job.archive, work, () -> job.stop.reason().isPresent());
        if (archive.isEmpty()) {
            return Optional.empty();
        }
        Path unpacked = Files.createDirectory(work.resolve("configuration"));
        Archives.unpack(archive.get(), job.archive.format(), unpacked, ArchiveLimits.MOST);
        Files.delete(archive.get());
        return Optional.of(Archives.projectIn(unpacked));
    }

    private void runPhases(Job job, PythonPhases phases, Path target, BuildTally tally) throws AttemptLost {
        List<Path> readOnly = Stream.concat(job.wanted.readOnly().stream(), interpreterFolder(job.recipe).stream())
                .toList();
        BuildScope scope = new BuildScope(
                job.folder.path(), job.folder.temporary(), readOnly, List.of(target), job.wanted.needsNetwork());
        try (ProcessTree tree = surroundings.processes().open(scope);
                PhaseRunner runner = surroundings.runner(scope, tree, job.attemptLog, job.stop)) {
            List<Phase> all = phases.all();
            for (int i = 0;
                    i < all.size() && tally.goesOn() && job.stop.reason().isEmpty();
                    i++) {
                Phase phase = all.get(i);
                Optional<String> skipped = phases.skipped(phase);
                PhaseResult result = skipped.isPresent()
                        ? runner.skip(phase, i + 1, all.size(), skipped.get())
                        : runner.run(phase, i + 1, all.size(), it -> phases.explain(phase, it));
                tally.add(phase, result, i + 1 == all.size());
            }
            runner.finish();
            tally.output(runner.lines(), runner.bytes());
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts the thread of a stage", e);
        }
    }

    private void end(BuildTally tally, StopSignal stop, AttemptLog<BuildFact> attemptLog) throws AttemptLost {
        surroundings.throwIfLost(stop);
        Optional<StopReason> stopped = stop.reason();
        Optional<BuildFact> result = tally.result(stopped);
        if (result.isPresent()) {
            attemptLog.end(result.get());
        }
    }

    private static EnvironmentResult result(
            PythonEnvironment wanted, StoredEnvironment environment, boolean shouldBuild, boolean force) {
        return new EnvironmentResult(
                shouldBuild,
                force,
                Optional.of(wanted.fingerprint().value()),
                Optional.of(environment.interpreterVersion()),
                environment.packages(),
                Optional.of(environment.sizeBytes()));
    }

    private static BuildFact created(BuildStep step, PythonEnvironment wanted, BuildReason reason) {
        boolean shouldBuild = reason != BuildReason.REUSE_OK;
        return new BuildFact.BuildCreated(
                step.recipe(),
                step.definition(),
                reason,
                shouldBuild,
                shouldBuild ? wanted.planned() : List.of(),
                Optional.of(wanted.plan()));
    }

    private static void removeUnfinished(Path target) {
        try {
            FolderRemoval.remove(target);
        } catch (IOException e) {
            log.warn("The unfinished environment {} cannot be removed; the next build of it tries again", target, e);
        }
    }

    private record Job(
            EnvironmentRecipe recipe,
            PythonEnvironment wanted,
            ArtifactRef archive,
            BuildReason reason,
            BuildFolder folder,
            EnvironmentSlot slot,
            AttemptLog<BuildFact> attemptLog,
            StopSignal stop) {}
}
