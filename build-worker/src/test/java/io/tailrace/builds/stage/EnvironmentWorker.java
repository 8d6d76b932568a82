package io.tailrace.builds.stage;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tailrace.builds.artifact.ArtifactCache;
import io.tailrace.builds.environment.EnvironmentStore;
import io.tailrace.builds.phase.PhaseSettings;
import io.tailrace.builds.recipe.RecipeFolder;
import io.tailrace.builds.recipe.Recipes;
import io.tailrace.builds.testing.Packed;
import io.tailrace.builds.testing.RecordedLog;
import io.tailrace.events.definition.ArtifactRef;
import io.tailrace.events.id.Attempt;
import io.tailrace.events.id.StageId;
import io.tailrace.events.id.WorkspaceId;
import io.tailrace.events.log.LogPosition;
import io.tailrace.events.log.Topic;
import io.tailrace.events.plan.BuildStep;
import io.tailrace.events.plan.EnvironmentStep;
import io.tailrace.events.stage.BuildFact;
import io.tailrace.events.work.BuildRequest;
import io.tailrace.sandbox.folder.WorkerFolder;
import io.tailrace.sandbox.isolation.IsolationSettings.Mode;
import io.tailrace.sandbox.isolation.Secrets;
import io.tailrace.sandbox.process.BuildProcesses;
import io.tailrace.sandbox.process.ProcessMark;
import io.tailrace.sandbox.process.TreeLimits;
import io.tailrace.sandbox.testing.Confined;
import io.tailrace.service.trace.Traces;
import io.tailrace.worker.attempt.AttemptLog;
import io.tailrace.worker.attempt.AttemptLost;
import io.tailrace.worker.attempt.StopSignal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** A worker that builds environments from the demo's engine, with everything real but the log. Its store may be shared with others. */
final class EnvironmentWorker implements AutoCloseable {

    static final Path DEMO = Path.of("..", "demo").toAbsolutePath().normalize();
    private static final StageId STAGE = new StageId("run-1.1");

    final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final WorkerFolder folder;
    private final BuildProcesses processes;
    private final EnvironmentBuilds builds;

    EnvironmentWorker(Path data, List<Packed> archives) throws IOException {
        ProcessMark mark = new ProcessMark(UUID.randomUUID().toString().replace("-", ""));
        Path recipes = Files.createDirectories(data.resolve("recipes"));
        define(recipes, "demo", "engine: " + DEMO.resolve("engine"), "engine_package: tailrace_demo_engine");
        folder = WorkerFolder.open(data.resolve("worker"), mark);
        Mode mode = Confined.isIsolating() ? Mode.BUBBLEWRAP : Mode.TRUSTED_ONLY;
        processes =
                new BuildProcesses(mark, folder.path(), Confined.isolation(mode).confinement(), TreeLimits.NONE);
        BuildSurroundings surroundings = new BuildSurroundings(
                new Recipes(Optional.of(new RecipeFolder(recipes)), false),
                folder,
                processes,
                new PhaseSettings(Duration.ofMillis(500), Duration.ofMillis(50), 16 * 1024),
                Map.of("PATH", "/usr/bin:/bin"),
                Secrets.NONE,
                new BuildMetrics(registry),
                Traces.NONE);
        builds = new EnvironmentBuilds(
                surroundings,
                new EnvironmentStore(
                        data.resolve("environments"), InstantSource.system(), Duration.ofDays(1), 1L << 30),
                new ArtifactCache(data.resolve("artifacts"), Packed.source(archives), InstantSource.system(), 1L << 30),
                false,
                () -> UUID.randomUUID().toString());
    }

    static void define(Path recipes, String name, String... lines) throws IOException {
        Files.writeString(recipes.resolve(name + ".yaml"), "python_env:\n  " + String.join("\n  ", lines) + "\n");
    }

    /** One build, to its end. Answers what it said. */
    RecordedLog build(String definition, Optional<ArtifactRef> archive, boolean force) throws AttemptLost {
        RecordedLog log = new RecordedLog();
        build(definition, archive, force, log, new StopSignal());
        return log;
    }

    void build(
            String definition, Optional<ArtifactRef> archive, boolean force, AttemptLog<BuildFact> log, StopSignal stop)
            throws AttemptLost {
        LogPosition from = new LogPosition(Topic.BUILD_EVENTS, 0, 0);
        BuildStep step = BuildStep.ofEnvironment(definition, new EnvironmentStep("words", archive, force));
        builds.execute(
                new BuildRequest(STAGE.run(), STAGE, Attempt.FIRST, new WorkspaceId("demo"), step, from, Instant.EPOCH),
                log,
                stop);
    }

    /** In a process of its own, to be killed: says each phase that begins. Argument: the data folder. */
    public static void main(String[] args) throws Exception {
        Packed archive = Packed.zip(DEMO.resolve("configuration"), "configuration");
        EnvironmentWorker worker = new EnvironmentWorker(Path.of(args[0]), List.of(archive));
        worker.build("demo", Optional.of(archive.ref()), false, new Saying(), new StopSignal());
    }

    /** Says what happens on standard output. */
    private static final class Saying implements AttemptLog<BuildFact> {
        @Override
        @SuppressWarnings("SystemOut")
        public void append(BuildFact fact) {
            if (fact instanceof BuildFact.BuildPhaseStarted started) {
                System.out.println(started.phase());
            }
        }

        @Override
        public LogPosition sync() {
            return new LogPosition(Topic.BUILD_EVENTS, 0, 0);
        }

        @Override
        public LogPosition end(BuildFact fact) {
            append(fact);
            return sync();
        }
    }

    @Override
    public void close() throws IOException {
        processes.close();
        folder.close();
    }
}
