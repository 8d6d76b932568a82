package io.tailrace.builds.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tailrace.builds.testing.Packed;
import io.tailrace.builds.testing.RecordedLog;
import io.tailrace.events.definition.ArtifactRef;
import io.tailrace.events.plan.PythonEnvironmentDefinition;
import io.tailrace.events.run.Outcome;
import io.tailrace.events.stage.BuildFact.BuildCompleted;
import io.tailrace.events.stage.BuildFact.BuildCreated;
import io.tailrace.events.stage.BuildFact.BuildPhaseCompleted;
import io.tailrace.events.stage.BuildFact.BuildPhaseStarted;
import io.tailrace.events.stage.BuildFact.BuildReason;
import io.tailrace.events.stage.BuildFact.BuildStarted;
import io.tailrace.events.stage.BuildFact.ConsoleStream;
import io.tailrace.events.stage.BuildFact.EnvironmentResult;
import io.tailrace.events.stage.BuildFact.InstalledPackage;
import io.tailrace.events.stage.BuildFact.PhaseStatus;
import io.tailrace.worker.attempt.AttemptLost;
import io.tailrace.worker.attempt.StopReason;
import io.tailrace.worker.attempt.StopSignal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real environments, without any package index, isolated where that works. */
@Timeout(120)
class EnvironmentBuildsTest {

    private final Path data;
    private final Packed archive;
    private final Packed notAProject;
    private final Packed damaged;
    private EnvironmentWorker worker;

    EnvironmentBuildsTest(@TempDir Path data) throws IOException {
        this.data = data;
        archive = Packed.zip(EnvironmentWorker.DEMO.resolve("configuration"), "configuration");
        notAProject = Packed.zip(EnvironmentWorker.DEMO.resolve("configuration/src"), "src");
        damaged = new Packed("PK and then nothing".getBytes(StandardCharsets.ISO_8859_1), ArtifactRef.ZIP);
        worker = new EnvironmentWorker(data, List.of(archive, notAProject, damaged));
    }

    @AfterEach
    void close() throws IOException {
        worker.close();
    }

    @Test
    void anEnvironmentIsBuiltOnceAndThenUsedAgainUntilItIsDamagedOrForced() throws Exception {
        RecordedLog first = build("demo");

        assertThat(first.all(BuildPhaseStarted.class).stream().map(BuildPhaseStarted::phase))
                .containsExactlyElementsOf(PythonEnvironmentDefinition.PHASES);
        assertThat(first.all(BuildPhaseCompleted.class).stream().map(BuildPhaseCompleted::status))
                .as(first.text(ConsoleStream.STDERR))
                .containsExactly(
                        PhaseStatus.SUCCEEDED,
                        PhaseStatus.SKIPPED,
                        PhaseStatus.SUCCEEDED,
                        PhaseStatus.SUCCEEDED,
                        PhaseStatus.SUCCEEDED,
                        PhaseStatus.SUCCEEDED);
        assertThat(first.all(BuildPhaseCompleted.class).get(1).note().orElseThrow())
                .contains("index: none");
        assertThat(first.text(ConsoleStream.STDOUT))
                .contains("imported tailrace_demo_engine from", "imported tailrace_demo_configuration from");
        EnvironmentResult built = completed(first).environment().orElseThrow();
        assertThat(built.shouldBuild()).isTrue();
        assertThat(built.packages())
                .contains(
                        new InstalledPackage("tailrace_demo_engine", "1.2.0"),
                        new InstalledPackage("tailrace_demo_configuration", "0.3.0"));
        assertThat(built.sizeBytes().orElseThrow()).isGreaterThan(100_000);
        assertThat(created(first).reason()).isEqualTo(BuildReason.DIRTY_OR_MISSING);
        assertThat(created(first).environment().orElseThrow().engineVersionHint())
                .contains("1.2.0");

        RecordedLog second = build("demo");

        assertThat(second.facts().stream().map(Object::getClass))
                .containsExactly(BuildCreated.class, BuildCompleted.class);
        assertThat(created(second).reason()).isEqualTo(BuildReason.REUSE_OK);
        assertThat(created(second).shouldBuild()).isFalse();
        assertThat(created(second).phases()).isEmpty();
        assertThat(completed(second).status()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(completed(second).environment().orElseThrow())
                .isEqualTo(new EnvironmentResult(
                        false,
                        false,
                        built.fingerprint(),
                        built.interpreterVersion(),
                        built.packages(),
                        built.sizeBytes()));

        Files.delete(environment().resolve("bin/python"));
        RecordedLog afterDamage = build("demo");

        assertThat(created(afterDamage).reason()).isEqualTo(BuildReason.DIRTY_OR_MISSING);
        assertThat(completed(afterDamage).status()).isEqualTo(Outcome.SUCCEEDED);

        Path before = environment();
        RecordedLog forced = worker.build("demo", Optional.of(archive.ref()), true);

        assertThat(created(forced).reason()).isEqualTo(BuildReason.FORCE_REBUILD);
        assertThat(completed(forced).environment().orElseThrow().force()).isTrue();
        assertThat(environment()).isNotEqualTo(before);
        assertThat(before).doesNotExist();
        assertThat(new ProcessBuilder(
                                environment().resolve("bin/python").toString(),
                                "-c",
                                "from tailrace_demo_configuration import count; assert count('the b a b')[0] == ('b', 2)")
                        .inheritIO()
                        .start()
                        .waitFor())
                .isZero();
        assertThat(worker.registry
                        .counter("tailrace.environment.builds", "result", "reused")
                        .count())
                .isEqualTo(1);
    }

    @Test
    void ofTwoBuildsAtOnceOneBuildsAndTheOtherUsesIt() throws Exception {
        CompletableFuture<RecordedLog> one = inBackground(worker);
        CompletableFuture<RecordedLog> two = inBackground(worker);

        assertThat(Stream.of(one.join(), two.join()).map(log -> completed(log).failure()))
                .containsOnly(Optional.empty());
        assertThat(Stream.of(one.join(), two.join()).map(log -> created(log).reason()))
                .containsExactlyInAnyOrder(BuildReason.DIRTY_OR_MISSING, BuildReason.REUSE_OK);
    }

    @Test
    void aBuildThatWaitsForAnotherCanBeCanceledAndSoCanTheOther() throws Exception {
        RecordedLog first = new RecordedLog();
        RecordedLog second = new RecordedLog();
        StopSignal stopFirst = new StopSignal();
        StopSignal stopSecond = new StopSignal();
        CompletableFuture<Void> building = inBackground(worker, first, stopFirst);
        await().atMost(Duration.ofSeconds(30))
                .until(() -> !first.all(BuildStarted.class).isEmpty());
        CompletableFuture<Void> waiting = inBackground(worker, second, stopSecond);

        stopSecond.stop(StopReason.CANCELED);
        waiting.join();

        assertThat(completed(second).status()).isEqualTo(Outcome.CANCELED);
        assertThat(second.all(BuildPhaseStarted.class)).isEmpty();
        assertThat(building).isNotDone();
        stopFirst.stop(StopReason.CANCELED);
        building.join();
        assertThat(completed(first).status()).isEqualTo(Outcome.CANCELED);
        assertThat(environments()).isEmpty();
    }

    @Test
    void whatCannotBeBuiltSaysWhatToDo() throws Exception {
        Path recipes = data.resolve("recipes");
        String engine = "engine: " + EnvironmentWorker.DEMO.resolve("engine");
        EnvironmentWorker.define(recipes, "no-python", engine, "engine_package: x", "python: python9");
        EnvironmentWorker.define(recipes, "no-engine", "engine: ./missing", "engine_package: x");
        EnvironmentWorker.define(
                recipes, "index", engine, "engine_package: x", "index: https://packages.example/simple");
        EnvironmentWorker.define(recipes, "wrong-module", engine, "engine_package: tailrace_demo_engin");

        assertThat(failureOf(worker.build("demo", Optional.empty(), false))).isEqualTo("no_archive");
        assertThat(failureOf(build("no-python"))).isEqualTo("interpreter_missing");
        assertThat(failureOf(build("no-engine"))).isEqualTo("engine_missing");
        assertThat(failureOf(build("index"))).isEqualTo("network_not_allowed");
        assertThat(failureOf(build("unknown"))).isEqualTo("unknown_definition");
        assertThat(failureOf(worker.build("demo", Optional.of(notAProject.ref()), false)))
                .isEqualTo("no_project_file");
        assertThat(failureOf(worker.build("demo", Optional.of(damaged.ref()), false)))
                .isEqualTo("not_an_archive");
        ArtifactRef gone = new ArtifactRef("0".repeat(64), ArtifactRef.ZIP, 5, 1, 0, 0);
        assertThat(failureOf(worker.build("demo", Optional.of(gone), false))).isEqualTo("archive_missing");
        RecordedLog wrongModule = build("wrong-module");
        assertThat(failureOf(wrongModule)).isEqualTo("import_failed");
        assertThat(wrongModule.text(ConsoleStream.STDERR)).contains("ModuleNotFoundError", "tailrace_demo_engin");
        assertThat(environments()).isEmpty();
    }

    /** As wheels have it that were packed without care, and archives that were packed on a Mac. */
    @Test
    void whatIsNoModuleIsNotImported() throws Exception {
        Packed careless = configuration(Map.of(
                "configuration/src/LICENSE", bytes("no module"),
                "configuration/src/Makefile", bytes("all:"),
                "configuration/src/README.md", bytes("# no module"),
                "configuration/src/assets/logo.txt", bytes("no package"),
                "configuration/src/setup.py", bytes("raise SystemExit('setup.py was run')"),
                "__MACOSX/configuration/._pyproject.toml", bytes("attributes")));

        RecordedLog log = buildWith(careless);

        assertThat(completed(log).failure()).as(log.text(ConsoleStream.STDERR)).isEmpty();
        assertThat(log.text(ConsoleStream.STDOUT))
                .contains("imported tailrace_demo_configuration")
                .doesNotContain("imported setup", "imported LICENSE", "imported assets");
    }

    @Test
    void anExtensionModuleThatCannotBeLoadedFailsTheBuild() throws Exception {
        String suffix = new String(
                        new ProcessBuilder(
                                        "python3",
                                        "-c",
                                        "import sysconfig; print(sysconfig.get_config_var('EXT_SUFFIX'))")
                                .start()
                                .getInputStream()
                                .readAllBytes(),
                        StandardCharsets.UTF_8)
                .strip();

        RecordedLog log = buildWith(configuration(Map.of("configuration/src/fast" + suffix, bytes("no ELF"))));

        assertThat(failureOf(log)).isEqualTo("import_failed");
        assertThat(log.text(ConsoleStream.STDERR)).contains("cannot import fast");
    }

    /** Its exit code is 0, and nothing was verified. */
    @Test
    void aProcessThatEndsEarlyHasVerifiedNothing() throws Exception {
        RecordedLog module = buildWith(configuration(Map.of(
                "configuration/src/tailrace_demo_configuration/__init__.py", bytes("import os\nos._exit(0)\n"))));
        RecordedLog start =
                buildWith(configuration(Map.of("configuration/src/zz_exit.pth", bytes("import os; os._exit(0)\n"))));

        for (RecordedLog log : List.of(module, start)) {
            assertThat(failureOf(log)).isEqualTo("import_failed");
            assertThat(completed(log).failure().orElseThrow().message()).contains("ended before it was done");
        }
        assertThat(environments()).isEmpty();
    }

    /** As code of the configuration can leave it; the worker looks at it outside of all limits. */
    @Test
    void aSparseFileThatNoHeapCouldHoldFailsItsBuildAndNothingElse() throws Exception {
        RecordedLog poison = buildWith(configuration(Map.of(
                "configuration/src/tailrace_demo_configuration/__init__.py",
                bytes("import sys\nopen(sys.prefix + '/bin/huge', 'wb').truncate(3 << 30)\n"))));

        assertThat(failureOf(poison)).isEqualTo("environment_too_large");
        assertThat(environments()).isEmpty();
        RecordedLog next = buildWith(archive);
        assertThat(completed(next).failure()).isEmpty();
    }

    private RecordedLog buildWith(Packed packed) throws Exception {
        worker.close();
        worker = new EnvironmentWorker(data, List.of(packed));
        return worker.build("demo", Optional.of(packed.ref()), false);
    }

    private static Packed configuration(Map<String, byte[]> more) throws IOException {
        return Packed.zip(EnvironmentWorker.DEMO.resolve("configuration"), "configuration", more);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String failureOf(RecordedLog log) {
        assertThat(completed(log).status()).isEqualTo(Outcome.FAILED);
        assertThat(log.facts().getFirst()).isInstanceOf(BuildCreated.class);
        return completed(log).failure().orElseThrow().code();
    }

    private CompletableFuture<RecordedLog> inBackground(EnvironmentWorker builder) {
        RecordedLog log = new RecordedLog();
        return inBackground(builder, log, new StopSignal()).thenApply(_ -> log);
    }

    private CompletableFuture<Void> inBackground(EnvironmentWorker builder, RecordedLog log, StopSignal stop) {
        // Not in the common pool: on two cores it has one thread, and the second build would begin when the first has
        // ended.
        return CompletableFuture.runAsync(
                        () -> {
                            try {
                                builder.build("demo", Optional.of(archive.ref()), false, log, stop);
                            } catch (AttemptLost e) {
                                throw new CompletionException(e);
                            }
                        },
                        task -> Thread.ofPlatform().daemon().start(task))
                .orTimeout(100, TimeUnit.SECONDS);
    }

    private RecordedLog build(String definition) throws AttemptLost {
        return worker.build(definition, Optional.of(archive.ref()), false);
    }

    private Path environment() throws IOException {
        return environments().getFirst();
    }

    /** All that are published. */
    private List<Path> environments() throws IOException {
        try (Stream<Path> pointers =
                Files.find(data.resolve("environments"), 2, (path, _) -> path.endsWith("current"))) {
            return pointers.map(pointer -> pointer.resolveSibling(firstLine(pointer)))
                    .toList();
        }
    }

    private static String firstLine(Path file) {
        try {
            return Files.readAllLines(file).getFirst();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static BuildCreated created(RecordedLog log) {
        return log.all(BuildCreated.class).getFirst();
    }

    private static BuildCompleted completed(RecordedLog log) {
        return log.all(BuildCompleted.class).getFirst();
    }
}
