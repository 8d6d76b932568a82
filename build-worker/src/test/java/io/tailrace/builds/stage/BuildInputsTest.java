package io.tailrace.builds.stage;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tailrace.builds.artifact.ArtifactCache;
import io.tailrace.builds.environment.EnvironmentStore;
import io.tailrace.builds.phase.PhaseSettings;
import io.tailrace.builds.recipe.Recipes;
import io.tailrace.builds.testing.RecordedLog;
import io.tailrace.events.id.Attempt;
import io.tailrace.events.id.RunId;
import io.tailrace.events.id.StageId;
import io.tailrace.events.id.WorkspaceId;
import io.tailrace.events.log.LogPosition;
import io.tailrace.events.log.Topic;
import io.tailrace.events.plan.BuildStep;
import io.tailrace.events.plan.EnvironmentStep;
import io.tailrace.events.plan.Phase;
import io.tailrace.events.plan.StepInput;
import io.tailrace.events.plan.StepInput.FileInput;
import io.tailrace.events.plan.StepInput.VariableInput;
import io.tailrace.events.run.Failure;
import io.tailrace.events.run.Outcome;
import io.tailrace.events.stage.BuildFact.BuildCompleted;
import io.tailrace.events.stage.BuildFact.BuildCreated;
import io.tailrace.events.stage.BuildFact.BuildPhaseStarted;
import io.tailrace.events.stage.BuildFact.ConsoleStream;
import io.tailrace.events.work.BuildRequest;
import io.tailrace.events.work.StepResult;
import io.tailrace.events.work.ToolBuild;
import io.tailrace.sandbox.folder.WorkerFolder;
import io.tailrace.sandbox.isolation.IsolationSettings.Mode;
import io.tailrace.sandbox.isolation.Secrets;
import io.tailrace.sandbox.process.BuildProcesses;
import io.tailrace.sandbox.process.ProcessMark;
import io.tailrace.sandbox.process.TreeLimits;
import io.tailrace.sandbox.testing.Confined;
import io.tailrace.service.trace.Traces;
import io.tailrace.worker.attempt.AttemptLost;
import io.tailrace.worker.attempt.StopSignal;
import io.tailrace.worker.result.CallArguments;
import io.tailrace.worker.result.ResultUnavailable;
import io.tailrace.worker.result.StepResults;
import io.tailrace.worker.stage.StageRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Real commands that get the answers of earlier prompts, isolated and not. */
@Timeout(60)
@ParameterizedClass
@MethodSource("io.tailrace.sandbox.testing.Confined#modes")
class BuildInputsTest {
    private static final RunId RUN = new RunId("run-1");
    private static final StageId PROMPT = StageId.of(RUN, 1);
    private static final StageId STAGE = StageId.of(RUN, 2);
    private static final ToolBuild CALL = new ToolBuild(PROMPT, new LogPosition(Topic.TURN_EVENTS, 0, 9), 1, 0);
    private static final String WORDS = "words-of-a-model";

    private final Mode mode;

    @TempDir
    private Path data;

    private final RecordedLog log = new RecordedLog();
    private WorkerFolder folder;
    private BuildProcesses processes;
    private String answer = WORDS;
    private Map<String, String> arguments = Map.of();
    private boolean callIsThere = true;

    BuildInputsTest(Mode mode) {
        this.mode = mode;
    }

    @BeforeEach
    void open() throws IOException {
        ProcessMark mark = new ProcessMark(UUID.randomUUID().toString().replace("-", ""));
        folder = WorkerFolder.open(data.resolve("worker"), mark);
        processes =
                new BuildProcesses(mark, folder.path(), Confined.isolation(mode).confinement(), TreeLimits.NONE);
    }

    @AfterEach
    void close() throws IOException {
        processes.close();
        folder.close();
    }

    @Test
    void phasesGetResultsAsFilesAndVariables() throws Exception {
        execute(
                List.of(new FileInput("ask", "notes/answer.txt"), new VariableInput("ask", "ANSWER")),
                shell("one", "cat notes/answer.txt; echo \" and $ANSWER\""),
                shell("two", "cat notes/answer.txt; echo \" and $ANSWER\""));

        assertThat(log.text(ConsoleStream.STDOUT)).isEqualTo((WORDS + " and " + WORDS + "\n").repeat(2));
        assertThat(completed().status()).isEqualTo(Outcome.SUCCEEDED);
    }

    @Test
    void noArgumentOfAnyProcessHasAResult() throws Exception {
        execute(
                List.of(new VariableInput("ask", "ANSWER"), new FileInput("ask", "answer")),
                shell("look", "cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' '\\n'"));

        assertThat(log.text(ConsoleStream.STDOUT)).contains("cmdline").doesNotContain(WORDS);
        assertThat(log.all(BuildPhaseStarted.class).getFirst().argv()).noneMatch(it -> it.contains(WORDS));
    }

    @Test
    void aShellDoesNotReadAResultAsItsOwnWords() throws Exception {
        answer = "; touch hacked $(touch hacked) `touch hacked` \n'\"";

        execute(List.of(new VariableInput("ask", "ANSWER")), shell("say", "echo \"$ANSWER\" > said; ls"));

        assertThat(log.text(ConsoleStream.STDOUT)).isEqualTo("said\n");
    }

    @Test
    void filesBelongToTheBuild() throws Exception {
        execute(
                List.of(new FileInput("ask", "notes/answer.txt")),
                shell(
                        "change",
                        "echo more >> notes/answer.txt && touch notes/mine mine"
                                + " && [ \"$(stat -c %u notes/answer.txt)\" = \"$(stat -c %u mine)\" ] && mv notes elsewhere"
                                + " && cat elsewhere/answer.txt && rm -r elsewhere"));

        assertThat(completed().status()).as(log.text(ConsoleStream.STDERR)).isEqualTo(Outcome.SUCCEEDED);
        assertThat(log.text(ConsoleStream.STDOUT)).isEqualTo(WORDS + "more\n");
    }

    @Test
    void aResultOfTheLargestSizeIsGivenWhole() throws Exception {
        answer = "x".repeat(StepInput.MAX_VARIABLE_BYTES);

        execute(
                List.of(new VariableInput("ask", "ANSWER"), new FileInput("ask", "answer")),
                shell("count", "printf %s \"$ANSWER\" | wc -c; wc -c < answer"));

        assertThat(log.text(ConsoleStream.STDOUT).split("\\s+"))
                .containsExactly(
                        Integer.toString(StepInput.MAX_VARIABLE_BYTES), Integer.toString(StepInput.MAX_VARIABLE_BYTES));
    }

    @Test
    void aResultThatIsTooLargeFailsTheBuildBeforeAnythingRuns() throws Exception {
        answer = "é".repeat(StepInput.MAX_VARIABLE_BYTES / 2) + "!";

        execute(List.of(new VariableInput("ask", "ANSWER")), shell("never", "echo never"));

        assertNothingRan("input_too_large");
        assertThat(failure().message()).contains("ask", Integer.toString(StepInput.MAX_VARIABLE_BYTES));
    }

    @Test
    void aFileHasItsOwnBound() throws Exception {
        answer = "x".repeat(StepInput.MAX_FILE_BYTES + 1);

        execute(List.of(new FileInput("ask", "answer")), shell("never", "echo never"));

        assertNothingRan("input_too_large");
    }

    @Test
    void aNulIsForFilesOnly() throws Exception {
        answer = "a\0b";

        execute(List.of(new FileInput("ask", "answer")), shell("count", "wc -c < answer"));
        assertThat(log.text(ConsoleStream.STDOUT).strip()).isEqualTo("3");
    }

    @Test
    void aNulCannotBeInAVariable() throws Exception {
        answer = "a\0b";

        execute(List.of(new VariableInput("ask", "ANSWER")), shell("never", "echo never"));

        assertNothingRan("input_not_a_variable");
    }

    @Test
    void noResultBecomesAVariableThatIsTheWorkers() throws Exception {
        for (String name : List.of(
                "PATH", "HOME", "TMPDIR", "LANG", "TZ", "TAILRACE_PROCESS_MARK", "LD_PRELOAD", "BASH_ENV", "path")) {
            RecordedLog own = new RecordedLog();
            execute(own, List.of(new VariableInput("ask", name)), List.of(shell("never", "echo never")));

            assertThat(failureOf(own).code()).as(name).isEqualTo("input_variable_reserved");
            assertThat(own.all(BuildPhaseStarted.class)).isEmpty();
        }
    }

    @Test
    void aNameThatNoVariableHasIsRefused() throws Exception {
        for (String name : List.of("", "A=B", "A B", "1A", "A\0")) {
            RecordedLog own = new RecordedLog();
            execute(own, List.of(new VariableInput("ask", name)), List.of(shell("never", "echo never")));

            assertThat(failureOf(own).code()).as(name).isEqualTo("input_variable_reserved");
        }
    }

    @Test
    void whatAPhaseSetsItselfIsNotReplaced() throws Exception {
        Phase phase = new Phase(
                "own",
                "own",
                List.of("sh", "-c", "echo $ANSWER"),
                Duration.ofSeconds(30),
                Map.of("ANSWER", "own"),
                false);

        execute(List.of(new VariableInput("ask", "ANSWER")), phase);

        assertNothingRan("input_variable_taken");
    }

    @Test
    void aResultThatNamesASecretDoesNotGetIt() throws Exception {
        answer = "${secret:TOKEN}";

        execute(List.of(new VariableInput("ask", "ANSWER")), shell("say", "printf %s \"$ANSWER\" | base64"));

        assertThat(log.text(ConsoleStream.STDOUT).strip())
                .isEqualTo(Base64.getEncoder().encodeToString(answer.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void aFileThatWouldLieElsewhereIsRefused() throws Exception {
        for (String name : List.of("../answer", "/tmp/answer", "a/../../answer", ".", "", "a\0b", ".tmp")) {
            RecordedLog own = new RecordedLog();
            execute(own, List.of(new FileInput("ask", name)), List.of(shell("never", "echo never")));

            assertThat(failureOf(own).code()).as(name).isEqualTo("input_file_invalid");
            assertThat(own.all(BuildPhaseStarted.class)).isEmpty();
        }
    }

    @Test
    void aFileThatIsAFolderOfAnotherIsRefused() throws Exception {
        execute(List.of(new FileInput("ask", "a"), new FileInput("ask", "a/b")), shell("never", "echo never"));

        assertNothingRan("input_file_invalid");
    }

    @Test
    void aResultThatIsNotThereFailsTheBuild() throws Exception {
        execute(List.of(new FileInput("other", "answer")), shell("never", "echo never"));

        assertNothingRan("result_unavailable");
        assertThat(failure().message()).contains("other");
    }

    @Test
    void anEnvironmentTakesNoResults() throws Exception {
        BuildStep step = new BuildStep(
                BuildStep.PYTHON_ENV,
                Optional.of("python"),
                List.of(),
                Optional.of(new EnvironmentStep("demo", Optional.empty(), false)),
                Optional.empty(),
                Optional.of(List.of(new FileInput("ask", "answer"))));

        execute(log, step);

        assertNothingRan("inputs_not_supported");
    }

    private void assertNothingRan(String code) {
        assertThat(failure().code()).isEqualTo(code);
        assertThat(log.facts().stream().map(Object::getClass))
                .containsExactly(BuildCreated.class, BuildCompleted.class);
    }

    private BuildCompleted completed() {
        return log.all(BuildCompleted.class).getFirst();
    }

    private Failure failure() {
        return failureOf(log);
    }

    private static Failure failureOf(RecordedLog said) {
        return said.all(BuildCompleted.class).getFirst().failure().orElseThrow();
    }

    @Test
    void aBuildThatExecutesACallGetsItsArguments() throws Exception {
        arguments = Map.of("what", WORDS);
        executeCall(
                List.of(new FileInput("what", "notes/what.txt"), new VariableInput("what", "WHAT")),
                shell("one", "cat notes/what.txt; echo \" and $WHAT\""));

        assertThat(log.text(ConsoleStream.STDOUT)).isEqualTo(WORDS + " and " + WORDS + "\n");
        assertThat(completed().status()).isEqualTo(Outcome.SUCCEEDED);
    }

    @Test
    void anArgumentThatTheModelLeftOutIsEmpty() throws Exception {
        executeCall(
                List.of(new FileInput("how", "how.txt"), new VariableInput("how", "HOW")),
                shell("one", "wc -c < how.txt; echo \"[${HOW-unset}]\""));

        assertThat(log.text(ConsoleStream.STDOUT)).isEqualTo("0\n[]\n");
    }

    @Test
    void anArgumentHasTheBoundsOfAResult() throws Exception {
        arguments = Map.of("what", "x".repeat(StepInput.MAX_VARIABLE_BYTES + 1));
        executeCall(List.of(new VariableInput("what", "WHAT")), shell("one", "echo never"));

        Failure failure = completed().failure().orElseThrow();
        assertThat(failure.code()).isEqualTo("input_too_large");
        assertThat(failure.message()).startsWith("The argument what has ");
        assertThat(log.all(BuildPhaseStarted.class)).isEmpty();
    }

    @Test
    void aBuildWhoseCallIsNotThereFailsBeforeItStarts() throws Exception {
        callIsThere = false;
        executeCall(List.of(new VariableInput("what", "WHAT")), shell("one", "echo never"));

        assertThat(completed().failure().orElseThrow().code()).isEqualTo("result_unavailable");
        assertThat(log.all(BuildPhaseStarted.class)).isEmpty();
    }

    @Test
    void theWorkersVariablesAreNoArguments() throws Exception {
        arguments = Map.of("what", "/tmp");
        executeCall(List.of(new VariableInput("what", "LD_PRELOAD")), shell("one", "echo never"));

        assertThat(completed().failure().orElseThrow().code()).isEqualTo("input_variable_reserved");
    }

    private void executeCall(List<StepInput> inputs, Phase... phases) throws AttemptLost {
        LogPosition from = new LogPosition(Topic.BUILD_EVENTS, 0, 0);
        BuildRequest request = new BuildRequest(
                RUN,
                STAGE,
                Attempt.FIRST,
                new WorkspaceId("demo"),
                new BuildStep(
                        BuildStep.COMMANDS,
                        Optional.empty(),
                        List.of(phases),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(inputs)),
                from,
                Instant.EPOCH,
                Optional.empty(),
                Optional.of(CALL));
        executor().execute(new StageRequest<>(STAGE, Attempt.FIRST, from, request), log, new StopSignal());
    }

    private CallArguments arguments() {
        return (run, call) -> {
            assertThat(run).isEqualTo(RUN);
            assertThat(call).isEqualTo(CALL);
            if (!callIsThere) {
                throw ResultUnavailable.gone(call);
            }
            return arguments;
        };
    }

    private void execute(List<StepInput> inputs, Phase... phases) throws AttemptLost {
        execute(log, inputs, List.of(phases));
    }

    private void execute(RecordedLog own, List<StepInput> inputs, List<Phase> phases) throws AttemptLost {
        execute(
                own,
                new BuildStep(
                        BuildStep.COMMANDS,
                        Optional.empty(),
                        phases,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(inputs)));
    }

    private void execute(RecordedLog own, BuildStep step) throws AttemptLost {
        LogPosition from = new LogPosition(Topic.BUILD_EVENTS, 0, 0);
        StepResult result = new StepResult("ask", PROMPT, new LogPosition(Topic.TURN_EVENTS, 0, 7));
        BuildRequest request = new BuildRequest(
                RUN,
                STAGE,
                Attempt.FIRST,
                new WorkspaceId("demo"),
                step,
                from,
                Instant.EPOCH,
                Optional.of(List.of(result)),
                Optional.empty());
        executor().execute(new StageRequest<>(STAGE, Attempt.FIRST, from, request), own, new StopSignal());
    }

    private BuildExecutor executor() {
        BuildSurroundings surroundings = new BuildSurroundings(
                new Recipes(Optional.empty(), true),
                folder,
                processes,
                new PhaseSettings(Duration.ofMillis(500), Duration.ofMillis(50), 16 * 1024),
                Map.of("PATH", "/usr/bin:/bin"),
                Secrets.of(List.of("TOKEN"), Map.of("TOKEN", "s3cr3t-value")),
                new BuildMetrics(new SimpleMeterRegistry()),
                Traces.NONE);
        return new BuildExecutor(surroundings, environments(surroundings), results(), arguments());
    }

    private EnvironmentBuilds environments(BuildSurroundings surroundings) {
        try {
            EnvironmentStore store = new EnvironmentStore(
                    data.resolve("environments"), InstantSource.system(), Duration.ofDays(1), Long.MAX_VALUE);
            ArtifactCache archives = new ArtifactCache(
                    data.resolve("artifacts"), (_, _, _) -> {}, InstantSource.system(), Long.MAX_VALUE);
            return new EnvironmentBuilds(surroundings, store, archives, false, () -> "unused");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Phase shell(String name, String script) {
        return new Phase(name, name, List.of("sh", "-c", script), Duration.ofSeconds(30), Map.of(), false);
    }

    private StepResults results() {
        return (run, result) -> {
            assertThat(run).isEqualTo(RUN);
            assertThat(result.stage()).isEqualTo(PROMPT);
            return answer;
        };
    }
}
