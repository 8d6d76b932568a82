package io.tailrace.builds.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tailrace.builds.artifact.ArtifactCache;
import io.tailrace.builds.environment.EnvironmentStore;
import io.tailrace.builds.phase.PhaseSettings;
import io.tailrace.builds.recipe.RecipeFolder;
import io.tailrace.builds.recipe.Recipes;
import io.tailrace.builds.testing.RecordedLog;
import io.tailrace.events.id.Attempt;
import io.tailrace.events.id.StageId;
import io.tailrace.events.id.WorkspaceId;
import io.tailrace.events.log.LogPosition;
import io.tailrace.events.log.Topic;
import io.tailrace.events.plan.BuildStep;
import io.tailrace.events.plan.Phase;
import io.tailrace.events.run.Outcome;
import io.tailrace.events.stage.BuildFact;
import io.tailrace.events.stage.BuildFact.BuildCompleted;
import io.tailrace.events.stage.BuildFact.BuildCreated;
import io.tailrace.events.stage.BuildFact.BuildPhaseCompleted;
import io.tailrace.events.stage.BuildFact.BuildPhaseStarted;
import io.tailrace.events.stage.BuildFact.BuildStarted;
import io.tailrace.events.stage.BuildFact.ConsoleLines;
import io.tailrace.events.stage.BuildFact.ConsoleStream;
import io.tailrace.events.stage.BuildFact.PhaseStatus;
import io.tailrace.events.work.BuildRequest;
import io.tailrace.sandbox.folder.WorkerFolder;
import io.tailrace.sandbox.isolation.IsolationSettings.Mode;
import io.tailrace.sandbox.isolation.Secrets;
import io.tailrace.sandbox.process.BuildProcesses;
import io.tailrace.sandbox.process.ProcessMark;
import io.tailrace.sandbox.process.TreeLimits;
import io.tailrace.sandbox.testing.Confined;
import io.tailrace.service.trace.Traces;
import io.tailrace.worker.attempt.AttemptLost;
import io.tailrace.worker.attempt.StopReason;
import io.tailrace.worker.attempt.StopSignal;
import io.tailrace.worker.stage.StageRequest;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Whole builds of real commands, with the log in memory. */
@Timeout(120)
@ParameterizedClass
@MethodSource("io.tailrace.sandbox.testing.Confined#modes")
class BuildExecutorTest {

    private static final StageId STAGE = new StageId("run-1.1");

    private final Mode mode;

    @TempDir
    private Path data;

    private final RecordedLog log = new RecordedLog();
    private final StopSignal stop = new StopSignal();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private WorkerFolder folder;
    private BuildProcesses processes;
    private BuildExecutor executor;

    BuildExecutorTest(Mode mode) {
        this.mode = mode;
    }

    @BeforeEach
    void open() throws IOException {
        ProcessMark mark = new ProcessMark(UUID.randomUUID().toString().replace("-", ""));
        folder = WorkerFolder.open(data.resolve("worker"), mark);
        processes =
                new BuildProcesses(mark, folder.path(), Confined.isolation(mode).confinement(), TreeLimits.NONE);
        Recipes recipes =
                new Recipes(Optional.of(new RecipeFolder(Files.createDirectory(data.resolve("recipes")))), true);
        PhaseSettings settings = new PhaseSettings(Duration.ofMillis(500), Duration.ofMillis(50), 16 * 1024);
        BuildSurroundings surroundings = new BuildSurroundings(
                recipes,
                folder,
                processes,
                settings,
                Map.of("PATH", "/usr/bin:/bin"),
                Secrets.NONE,
                new BuildMetrics(registry),
                Traces.NONE);
        EnvironmentStore store = new EnvironmentStore(
                data.resolve("environments"), InstantSource.system(), Duration.ofDays(1), Long.MAX_VALUE);
        ArtifactCache archives =
                new ArtifactCache(data.resolve("artifacts"), (_, _, _) -> {}, InstantSource.system(), Long.MAX_VALUE);
        executor = new BuildExecutor(
                surroundings,
                new EnvironmentBuilds(surroundings, store, archives, false, () -> "unused"),
                (_, _) -> {
                    throw new AssertionError("no build of these uses a result");
                },
                (_, _) -> {
                    throw new AssertionError("no build of these executes a call");
                });
    }

    @AfterEach
    void close() throws IOException {
        processes.close();
        folder.close();
    }

    @Test
    void aBuildTellsItsWholeStory() throws Exception {
        execute(shell("first", "echo one"), shell("second", "echo two >&2"));

        assertThat(log.facts().stream().map(Object::getClass))
                .containsExactly(
                        BuildCreated.class,
                        BuildStarted.class,
                        BuildPhaseStarted.class,
                        ConsoleLines.class,
                        BuildPhaseCompleted.class,
                        BuildPhaseStarted.class,
                        ConsoleLines.class,
                        BuildPhaseCompleted.class,
                        BuildCompleted.class);
        BuildCompleted completed = completed();
        assertThat(completed.status()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(completed.exitCode()).contains(0);
        assertThat(completed.phasesRun()).isEqualTo(2);
        assertThat(completed.lines()).isEqualTo(2);
        assertThat(completed.bytes()).isEqualTo(8);
        assertThat(registry.counter("tailrace.build.console.lines").count()).isEqualTo(2);
    }

    @Test
    void thePhasesOfADefinitionAreRun() throws Exception {
        Files.writeString(data.resolve("recipes/hello.yaml"), "phases: [{name: a, argv: [echo, hello]}]");

        execute(new BuildStep(BuildStep.COMMANDS, Optional.of("hello"), List.of()));

        assertThat(log.text(ConsoleStream.STDOUT)).isEqualTo("hello\n");
        assertThat(log.all(BuildCreated.class).getFirst().phases())
                .containsExactly(new BuildFact.PlannedPhase("a", "a"));
    }

    @Test
    void aDefinitionThatDoesNotExistIsAFailedBuild() throws Exception {
        execute(new BuildStep(BuildStep.COMMANDS, Optional.of("missing"), List.of()));

        assertThat(log.facts()).hasSize(2);
        assertThat(completed().status()).isEqualTo(Outcome.FAILED);
        assertThat(completed().failure().orElseThrow().code()).isEqualTo("unknown_definition");
    }

    @Test
    void noPhaseFollowsOneThatFails() throws Exception {
        execute(shell("first", "exit 7"), shell("second", "echo never"));

        assertThat(log.all(BuildPhaseStarted.class)).hasSize(1);
        assertThat(completed().status()).isEqualTo(Outcome.FAILED);
        assertThat(completed().exitCode()).contains(7);
        assertThat(completed().failure().orElseThrow().phase()).contains("first");
    }

    @Test
    void aPhaseThatMayFailDoesNotFailTheBuild() throws Exception {
        Phase mayFail =
                new Phase("first", "First", List.of("sh", "-c", "exit 7"), Duration.ofSeconds(30), Map.of(), true);

        execute(mayFail, shell("second", "echo still"));

        assertThat(log.all(BuildPhaseCompleted.class).stream().map(BuildPhaseCompleted::status))
                .containsExactly(PhaseStatus.FAILED, PhaseStatus.SUCCEEDED);
        assertThat(completed().status()).isEqualTo(Outcome.SUCCEEDED);
    }

    @Test
    void phasesOfABuildShareItsFolderAndNothingOfItStays() throws Exception {
        execute(shell("write", "pwd > where; echo $HOME"), shell("read", "cat where"));

        List<String> lines = List.of(log.text(ConsoleStream.STDOUT).split("\n"));
        assertThat(lines).hasSize(2).allMatch(line -> line.equals(lines.getFirst()));
        assertThat(Path.of(lines.getFirst())).doesNotExist();
    }

    @Test
    void aCancelEndsTheTreeThePhaseAndTheBuild() throws Exception {
        CompletableFuture<Void> running =
                inBackground(shell("first", "(setsid sleep 300 &); echo $$; sleep 300"), shell("second", "echo never"));
        await().atMost(Duration.ofSeconds(50)).until(() -> !log.lines().isEmpty());
        long pid =
                Confined.hostPid(Long.parseLong(log.text(ConsoleStream.STDOUT).strip()));

        stop.stop(StopReason.CANCELED);

        running.join();
        assertThat(log.all(BuildPhaseCompleted.class).stream().map(BuildPhaseCompleted::status))
                .containsExactly(PhaseStatus.CANCELED);
        assertThat(completed().status()).isEqualTo(Outcome.CANCELED);
        assertThat(log.facts().getLast()).isInstanceOf(BuildCompleted.class);
        assertThat(ProcessHandle.of(pid)).isEmpty();
    }

    @Test
    void aCancelThatComesAfterTheLastPhaseComesTooLate() throws Exception {
        log.block();
        CompletableFuture<Void> running = inBackground(shell("only", "true"));
        await().atMost(Duration.ofSeconds(50)).until(() -> log.waiting() == 1);
        log.unblock();
        await().atMost(Duration.ofSeconds(50))
                .until(() -> log.all(BuildPhaseCompleted.class).size() == 1);
        stop.stop(StopReason.CANCELED);

        running.join();
        assertThat(completed().status()).isEqualTo(Outcome.SUCCEEDED);
    }

    @Test
    void aShutdownLeavesTheEndOfTheStageToTheNextAttempt() throws Exception {
        CompletableFuture<Void> running = inBackground(shell("first", "echo started; sleep 300"));
        await().atMost(Duration.ofSeconds(50)).until(() -> !log.lines().isEmpty());

        stop.stop(StopReason.SHUTDOWN);

        running.join();
        assertThat(log.facts().getLast()).isInstanceOf(BuildPhaseCompleted.class);
        assertThat(log.all(BuildCompleted.class)).isEmpty();
    }

    @Test
    void aLostAttemptEndsItsProcessesAndSaysNothingMore() throws Exception {
        CompletableFuture<Void> running = inBackground(shell("first", "echo $$; sleep 300"));
        await().atMost(Duration.ofSeconds(50)).until(() -> !log.lines().isEmpty());
        long pid =
                Confined.hostPid(Long.parseLong(log.text(ConsoleStream.STDOUT).strip()));
        int said = log.facts().size();

        stop.stop(StopReason.LOST);

        assertThatExceptionOfType(CompletionException.class)
                .isThrownBy(running::join)
                .withCauseInstanceOf(AttemptLost.class);
        assertThat(log.facts()).hasSize(said);
        assertThat(ProcessHandle.of(pid)).isEmpty();
    }

    private BuildCompleted completed() {
        return log.all(BuildCompleted.class).getFirst();
    }

    private CompletableFuture<Void> inBackground(Phase... phases) {
        return CompletableFuture.runAsync(() -> {
            try {
                execute(phases);
            } catch (AttemptLost e) {
                throw new CompletionException(e);
            }
        });
    }

    private void execute(Phase... phases) throws AttemptLost {
        execute(new BuildStep(BuildStep.COMMANDS, Optional.empty(), List.of(phases)));
    }

    private void execute(BuildStep step) throws AttemptLost {
        LogPosition from = new LogPosition(Topic.BUILD_EVENTS, 0, 0);
        BuildRequest request =
                new BuildRequest(STAGE.run(), STAGE, Attempt.FIRST, new WorkspaceId("demo"), step, from, Instant.EPOCH);
        executor.execute(new StageRequest<>(STAGE, Attempt.FIRST, from, request), log, stop);
    }

    private static Phase shell(String name, String script) {
        return new Phase(name, name, List.of("sh", "-c", script), Duration.ofSeconds(30), Map.of(), false);
    }
}
