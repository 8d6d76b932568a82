package io.tailrace.builds.phase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.tailrace.builds.testing.RecordedLog;
import io.tailrace.events.plan.Phase;
import io.tailrace.events.stage.BuildFact.BuildPhaseCompleted;
import io.tailrace.events.stage.BuildFact.BuildPhaseStarted;
import io.tailrace.events.stage.BuildFact.ConsoleLine;
import io.tailrace.events.stage.BuildFact.ConsoleLines;
import io.tailrace.events.stage.BuildFact.ConsoleStream;
import io.tailrace.events.stage.BuildFact.LineEnd;
import io.tailrace.events.stage.BuildFact.PhaseStatus;
import io.tailrace.sandbox.isolation.IsolationSettings.Mode;
import io.tailrace.sandbox.isolation.Secrets;
import io.tailrace.sandbox.process.BuildProcesses;
import io.tailrace.sandbox.process.BuildScope;
import io.tailrace.sandbox.process.ProcessMark;
import io.tailrace.sandbox.process.ProcessTree;
import io.tailrace.sandbox.process.TreeLimits;
import io.tailrace.sandbox.testing.Confined;
import io.tailrace.worker.attempt.AttemptLost;
import io.tailrace.worker.attempt.StopReason;
import io.tailrace.worker.attempt.StopSignal;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Real commands through the whole way from their pipes to a log in memory. */
@Timeout(120)
@ParameterizedClass
@MethodSource("io.tailrace.sandbox.testing.Confined#modes")
class PhaseRunnerTest {

    private static final PhaseSettings SETTINGS =
            new PhaseSettings(Duration.ofMillis(500), Duration.ofMillis(50), 16 * 1024);

    private final Mode mode;

    @TempDir
    private Path folder;

    private final RecordedLog log = new RecordedLog();
    private final StopSignal stop = new StopSignal();
    private BuildProcesses processes;
    private ProcessTree tree;
    private PhaseRunner runner;

    PhaseRunnerTest(Mode mode) {
        this.mode = mode;
    }

    @BeforeEach
    void open() throws IOException {
        processes = new BuildProcesses(
                new ProcessMark(UUID.randomUUID().toString().replace("-", "")),
                folder,
                Confined.isolation(mode).confinement(),
                TreeLimits.NONE);
        BuildScope scope = BuildScope.of(folder, Files.createDirectory(folder.resolve(".tmp")));
        tree = processes.open(scope);
        runner = new PhaseRunner(
                scope,
                Map.of("PATH", "/usr/bin:/bin", "SECRET", "of the worker", "TZ", "UTC"),
                tree,
                log,
                stop,
                SETTINGS,
                Secrets.NONE);
    }

    @AfterEach
    void close() {
        log.unblock();
        runner.close();
        tree.close();
        processes.close();
    }

    @Test
    void appendsStartOutputAndEndInThisOrder() throws Exception {
        PhaseResult result = runner.run(shell("echo out; echo err >&2; printf last"), 2, 3);

        assertThat(result.status()).isEqualTo(PhaseStatus.SUCCEEDED);
        assertThat(result.exitCode()).contains(0);
        assertThat(log.facts().getFirst()).isInstanceOf(BuildPhaseStarted.class);
        assertThat(log.facts().getLast()).isInstanceOf(BuildPhaseCompleted.class);
        assertThat(log.lines())
                .contains(
                        new ConsoleLine(ConsoleStream.STDOUT, LineEnd.NEWLINE, "out"),
                        new ConsoleLine(ConsoleStream.STDERR, LineEnd.NEWLINE, "err"),
                        new ConsoleLine(ConsoleStream.STDOUT, LineEnd.EOF, "last"));
        assertThat(log.all(ConsoleLines.class))
                .allMatch(lines -> lines.phase().orElseThrow().equals("phase"));
    }

    @Test
    void aCommandThatFailsHasItsExitCode() throws Exception {
        PhaseResult result = runner.run(shell("exit 3"), 1, 1);

        assertThat(result.status()).isEqualTo(PhaseStatus.FAILED);
        assertThat(result.exitCode()).contains(3);
        assertThat(result.failure().orElseThrow().code()).isEqualTo("phase_failed");
    }

    @Test
    void aProgramThatDoesNotExistIsAFailedPhaseThatSaysWhatToDo() throws Exception {
        PhaseResult result = runner.run(phase(List.of("no-such-program"), Duration.ofSeconds(30)), 1, 1);

        assertThat(result.status()).isEqualTo(PhaseStatus.FAILED);
        assertThat(result.exitCode()).isEmpty();
        assertThat(result.failure().orElseThrow().code()).isEqualTo("program_not_found");
        assertThat(result.failure().orElseThrow().message()).contains("no-such-program", "/usr/bin:/bin", "Install it");
        assertThat(log.facts()).hasSize(2);
    }

    @Test
    void aFileThatIsNotExecutableIsAFailedPhaseThatSaysWhatToDo() throws Exception {
        Files.writeString(folder.resolve("build.sh"), "#!/bin/sh\n");

        PhaseResult result = runner.run(phase(List.of("./build.sh"), Duration.ofSeconds(30)), 1, 1);

        assertThat(result.failure().orElseThrow().code()).isEqualTo("program_not_executable");
        assertThat(result.failure().orElseThrow().message()).contains("chmod +x");
    }

    @Test
    void aScriptWithAMissingInterpreterIsAFailedPhaseThatSaysWhatToDo() throws Exception {
        Path script = Files.writeString(folder.resolve("build.sh"), "#!/bin/sh\r\necho hello\r\n");
        assertThat(script.toFile().setExecutable(true)).isTrue();

        PhaseResult result = runner.run(phase(List.of("./build.sh"), Duration.ofSeconds(30)), 1, 1);

        assertThat(result.failure().orElseThrow().message()).contains("interpreter", "carriage return");
    }

    @Test
    void aWorkingFolderThatWasRemovedIsAFailedPhaseThatSaysWhatToDo() throws Exception {
        runner.run(shell("rm -r \"$HOME\""), 1, 2);

        PhaseResult result = runner.run(shell("true"), 2, 2);

        if (mode == Mode.BUBBLEWRAP) {
            assertThat(result.status()).isEqualTo(PhaseStatus.SUCCEEDED); // from inside only its content can be removed
        } else {
            assertThat(result.failure().orElseThrow().code()).isEqualTo("working_folder_missing");
        }
    }

    @Test
    void aPhaseSeesOnlyTheAllowedVariablesAndItsOwn() throws Exception {
        Phase phase = new Phase(
                "phase", "Phase", List.of("env"), Duration.ofSeconds(30), Map.of("MINE", "yes", "TZ", "CET"), false);

        runner.run(phase, 1, 1);

        List<String> variables = Arrays.stream(log.text(ConsoleStream.STDOUT).split("\n"))
                .filter(line -> !line.startsWith("TAILRACE_PROCESS_MARK="))
                .toList();
        assertThat(variables)
                .containsExactlyInAnyOrder(
                        "PATH=/usr/bin:/bin",
                        "LANG=C.UTF-8",
                        "TZ=CET",
                        "HOME=" + folder,
                        "TMPDIR=" + folder.resolve(".tmp"),
                        "MINE=yes");
    }

    @Test
    void aPhaseThatTakesTooLongIsEndedWithAllThatItStarted() throws Exception {
        PhaseResult result = runner.run(
                phase(List.of("sh", "-c", "(setsid sleep 300 &); echo started; sleep 300"), Duration.ofSeconds(5)),
                1,
                1);

        assertThat(result.status()).isEqualTo(PhaseStatus.TIMED_OUT);
        assertThat(result.failure().orElseThrow().message()).contains("5000 ms", "timeout_ms");
        assertThat(log.text(ConsoleStream.STDOUT)).isEqualTo("started\n");
        assertThat(tree.size()).isZero();
    }

    @Test
    void aCancelEndsTheTreeAndThePhaseIsCanceled() throws Exception {
        CompletableFuture<PhaseResult> running = inBackground(
                shell(
                        "trap 'echo cleaning up; exit 1' TERM; echo started; (setsid sleep 300 &); while :; do sleep 0.1; done"));
        await().atMost(Duration.ofSeconds(50))
                .until(() -> log.text(ConsoleStream.STDOUT).equals("started\n"));

        stop.stop(StopReason.CANCELED);

        PhaseResult result = running.get();
        assertThat(result.status()).isEqualTo(PhaseStatus.CANCELED);
        assertThat(result.exitCode()).contains(1);
        assertThat(log.text(ConsoleStream.STDOUT)).isEqualTo("started\ncleaning up\n");
        assertThat(tree.size()).isZero();
    }

    @Test
    void anUnfinishedLineIsShownAfterAMoment() throws Exception {
        CompletableFuture<PhaseResult> running = inBackground(shell("printf 'password: '; sleep 300"));

        await().atMost(Duration.ofSeconds(50))
                .until(() ->
                        log.lines().contains(new ConsoleLine(ConsoleStream.STDOUT, LineEnd.PARTIAL, "password: ")));

        stop.stop(StopReason.SHUTDOWN);
        assertThat(running.get().failure().orElseThrow().code()).isEqualTo("worker_shutdown");
    }

    @Test
    void anAttemptThatIsLostEndsTheTreeAndWritesNothingMore() throws Exception {
        CompletableFuture<PhaseResult> running = inBackground(shell("while :; do echo line; sleep 0.01; done"));
        await().atMost(Duration.ofSeconds(50)).until(() -> !log.lines().isEmpty());

        log.lose();

        assertThatExceptionOfType(CompletionException.class)
                .isThrownBy(running::join)
                .withCauseInstanceOf(AttemptLost.class);
        runner.close();
        assertThat(tree.size()).isZero();
        assertThat(log.all(BuildPhaseCompleted.class)).isEmpty();
    }

    @Test
    void whatACommandLeftRunningDoesNotHoldUpItsPhaseAndEndsWithTheBuild() throws Exception {
        PhaseResult first = runner.run(
                shell(
                        "(setsid sh -c 'echo serving; : > serving; while :; do sleep 0.1; done' &); until [ -e serving ]; do sleep 0.1; done; echo up"),
                1,
                2);
        PhaseResult second = runner.run(shell("echo testing"), 2, 2);
        assertThat(tree.size()).isPositive();

        runner.finish();

        assertThat(first.status()).isEqualTo(PhaseStatus.SUCCEEDED);
        assertThat(second.status()).isEqualTo(PhaseStatus.SUCCEEDED);
        assertThat(log.text(ConsoleStream.STDOUT)).isEqualTo("serving\nup\ntesting\n");
        assertThat(tree.size()).isZero();
    }

    @Test
    void aFloodIsSlowedByItsPipeWhileTheLogTakesNothing() throws Exception {
        CompletableFuture<PhaseResult> running = inBackground(shell("echo $$ > pid; exec yes 'a flood of output'"));
        await().atMost(Duration.ofSeconds(50)).until(() -> log.lines().size() > 10_000);

        log.block();
        long pid = Confined.hostPid(
                Long.parseLong(Files.readString(folder.resolve("pid")).strip()));
        await().atMost(Duration.ofSeconds(50)).until(() -> log.waiting() == 1);
        await().during(Duration.ofMillis(300)).until(() -> written(pid), new Unchanged());

        assertThat(written(pid) - runner.bytes()).isLessThan(1024 * 1024);
        log.unblock();
        stop.stop(StopReason.CANCELED);
        assertThat(running.get().status()).isEqualTo(PhaseStatus.CANCELED);
    }

    @Test
    void manyMegabytesArriveByteForByte() throws Exception {
        PhaseResult result = runner.run(
                shell("head -c 30000000 /dev/urandom | base64 -w 90 | tee copy; printf 'no newline' | tee -a copy"),
                1,
                1);
        runner.finish();

        assertThat(result.status()).isEqualTo(PhaseStatus.SUCCEEDED);
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        for (ConsoleLine line : log.lines()) {
            digest.update(line.text().getBytes(StandardCharsets.UTF_8));
            if (line.end() == LineEnd.NEWLINE) {
                digest.update((byte) '\n');
            }
        }
        assertThat(digest.digest()).isEqualTo(digestOf(folder.resolve("copy")));
        assertThat(runner.bytes()).isEqualTo(Files.size(folder.resolve("copy")));
        assertThat(log.all(ConsoleLines.class))
                .allMatch(window -> window.lines().stream()
                                .mapToInt(line -> line.text().length())
                                .sum()
                        <= OutputWindow.MAX_BYTES);
    }

    private CompletableFuture<PhaseResult> inBackground(Phase phase) {
        return CompletableFuture.supplyAsync(() -> {
                    try {
                        return runner.run(phase, 1, 1);
                    } catch (AttemptLost | InterruptedException e) {
                        throw new CompletionException(e);
                    }
                })
                .orTimeout(30, TimeUnit.SECONDS);
    }

    private static Phase shell(String script) {
        return phase(List.of("sh", "-c", script), Duration.ofSeconds(30));
    }

    private static Phase phase(List<String> argv, Duration timeout) {
        return new Phase("phase", "Phase", argv, timeout, Map.of(), false);
    }

    private static long written(long pid) throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(pid), "io")).stream()
                .filter(line -> line.startsWith("wchar: "))
                .mapToLong(line -> Long.parseLong(line.substring("wchar: ".length())))
                .sum();
    }

    private static byte[] digestOf(Path file) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        try (DigestInputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        return digest.digest();
    }

    /** True while a figure stays what it was at the first look after a change. */
    private static final class Unchanged implements Predicate<Long> {
        private long last = -1;

        @Override
        public boolean test(Long figure) {
            boolean same = figure == last;
            last = figure;
            return same;
        }
    }
}
