package io.tailrace.builds.phase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tailrace.builds.testing.RecordedLog;
import io.tailrace.events.plan.Phase;
import io.tailrace.events.stage.BuildFact.ConsoleStream;
import io.tailrace.events.stage.BuildFact.PhaseStatus;
import io.tailrace.sandbox.isolation.IsolationSettings.Mode;
import io.tailrace.sandbox.isolation.ResourceLimits;
import io.tailrace.sandbox.isolation.Secrets;
import io.tailrace.sandbox.process.BuildProcesses;
import io.tailrace.sandbox.process.BuildScope;
import io.tailrace.sandbox.process.ProcessMark;
import io.tailrace.sandbox.process.ProcessTree;
import io.tailrace.sandbox.testing.Confined;
import io.tailrace.worker.attempt.StopSignal;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What hostile commands reach. Each attack runs both ways: where builds are not isolated it has to succeed, which shows that the attack is
 * one. Limits hold either way.
 */
@Timeout(120)
@ParameterizedClass
@MethodSource("io.tailrace.sandbox.testing.Confined#modes")
class IsolatedPhaseTest {

    private static final long MEBIBYTE = 1024 * 1024;
    private static final ResourceLimits LIMITS =
            new ResourceLimits(Duration.ofSeconds(1), 64 * MEBIBYTE, MEBIBYTE, 256, 200);

    private static final PhaseSettings SETTINGS =
            new PhaseSettings(Duration.ofMillis(500), Duration.ofMillis(50), 16 * 1024);

    private final Mode mode;

    @TempDir
    private Path data;

    private final RecordedLog log = new RecordedLog();
    private BuildProcesses processes;
    private ProcessTree tree;
    private PhaseRunner runner;
    private Path folder;

    IsolatedPhaseTest(Mode mode) {
        this.mode = mode;
    }

    @BeforeEach
    void open() throws IOException {
        folder = Files.createDirectory(data.resolve("1"));
        processes = new BuildProcesses(
                new ProcessMark(UUID.randomUUID().toString().replace("-", "")),
                data,
                Confined.isolation(mode, LIMITS).confinement(),
                LIMITS.ofTree());
        BuildScope scope = BuildScope.of(folder, Files.createDirectory(folder.resolve(".tmp")));
        tree = processes.open(scope);
        runner = new PhaseRunner(
                scope,
                Map.of("PATH", "/usr/bin:/bin"),
                tree,
                log,
                new StopSignal(),
                SETTINGS,
                Secrets.of(List.of("TOKEN"), Map.of("TOKEN", "s3cr3t-value")));
    }

    @AfterEach
    void close() {
        runner.close();
        tree.close();
        processes.close();
    }

    @Test
    void theWorkersEnvironmentCannotBeRead() throws Exception {
        String ofWorker = "JAVA_HOME=" + System.getenv("JAVA_HOME");

        run("cat /proc/*/environ 2>/dev/null | tr '\\0' '\\n'");

        assertThat(log.text(ConsoleStream.STDOUT).contains(ofWorker)).isEqualTo(isOpen());
    }

    @Test
    void otherBuildsAndTheWorkersFilesCannotBeRead() throws Exception {
        Path other = Files.createDirectory(data.resolve("2"));
        Files.writeString(other.resolve("file"), "of another build");

        run("cat " + other + "/file; cat ../2/file; ls -A ..; ls -d /etc/shadow /root /home /sys");

        assertThat(log.text(ConsoleStream.STDOUT).contains("of another build")).isEqualTo(isOpen());
        if (!isOpen()) {
            assertThat(log.text(ConsoleStream.STDOUT)).isEqualTo("1\n");
        }
    }

    /** Where builds are not isolated they are the worker, and a file that it alone can read is theirs. */
    @Test
    void theWorkersCredentialsCannotBeRead() throws Exception {
        Path secrets = Files.createDirectories(data.resolve("security/users/build-worker"));
        Path file = Files.createFile(
                secrets.resolve("kafka.properties"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, "password=of-the-worker");

        run("cat " + file + "; cat ../security/users/*/*; grep -rs of-the-worker " + data + "; ls " + secrets);

        String said = log.text(ConsoleStream.STDOUT);
        assertThat(said.contains("password=of-the-worker")).isEqualTo(isOpen());
        assertThat(said.contains("kafka.properties")).isEqualTo(isOpen());
    }

    @Test
    void theBrokersPortCannotBeReached() throws Exception {
        try (ServerSocket broker = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            run("exec bash -c 'exec 3<>/dev/tcp/127.0.0.1/" + broker.getLocalPort() + " && echo connected'");
        }

        assertThat(log.text(ConsoleStream.STDOUT).contains("connected")).isEqualTo(isOpen());
    }

    @Test
    void theMachineCannotBeChanged() throws Exception {
        Path outside = data.resolve("outside");
        run("echo x > " + outside);
        assertThat(Files.exists(outside)).isEqualTo(isOpen());
        if (isOpen()) {
            return; // the rest would do harm
        }

        run(
                "echo x > /usr/lib/tailrace-test; echo core > /proc/sys/kernel/core_pattern; grep CapEff /proc/self/status; "
                        + "kill -0 " + ProcessHandle.current().pid() + " && echo signal");

        assertThat(log.text(ConsoleStream.STDOUT)).isEqualTo("CapEff:\t0000000000000000\n");
        assertThat(log.text(ConsoleStream.STDERR)).contains("tailrace-test: Read-only", "core_pattern: Read-only");
    }

    @Test
    void phasesOfABuildShareTheirNetworkProcessesAndTemporaryFiles() throws Exception {
        run("(setsid sh -c 'while :; do sleep 0.1; done' &); readlink /proc/self/ns/net; echo kept > \"$TMPDIR\"/a");
        run("readlink /proc/self/ns/net; cat \"$TMPDIR\"/a");

        List<String> lines = log.text(ConsoleStream.STDOUT).lines().toList();
        assertThat(lines).hasSize(3).contains("kept");
        assertThat(lines.get(1)).isEqualTo(lines.getFirst());
        assertThat(tree.size()).isPositive();
    }

    @Test
    void aBuildThatMultipliesItselfIsEndedAndSaysWhatHappened() throws Exception {
        // It grows without end, but not exponentially: the machine is shared.
        PhaseResult result = run("while :; do sleep 60 & sleep 0.002; done");

        assertThat(result.status()).isEqualTo(PhaseStatus.FAILED);
        assertThat(result.failure().orElseThrow().code()).isEqualTo("too_many_processes");
        assertThat(result.failure().orElseThrow().message()).contains("200", "tailrace.worker.limits.processes");
        await().atMost(Duration.ofSeconds(40)).until(() -> tree.size() == 0);
    }

    @Test
    void aBuildWhoseProcessesTogetherUseTooMuchMemoryIsEndedAndSaysWhatHappened() throws Exception {
        // Each takes 40 MB in one step and keeps them, because nobody reads what it writes: no time of a processor that
        // a slow machine could count against it.
        String hog = "dd if=/dev/zero bs=40000000 count=1 | sleep 300";

        PhaseResult result = run("(" + hog + ") & (" + hog + ") & wait");

        assertThat(result.status()).isEqualTo(PhaseStatus.FAILED);
        assertThat(result.failure().orElseThrow().code()).isEqualTo("memory_exceeded");
        assertThat(result.failure().orElseThrow().message()).contains("64 MiB", "tailrace.worker.limits.memory");
        assertThat(tree.size()).isZero();
    }

    /** Of a file that has no name, and that nobody maps. A file may have 1 MiB. */
    @Test
    void filesInMemoryCount() throws Exception {
        PhaseResult result = run(python(
                "import os, time",
                "files = [os.memfd_create('x') for i in range(100)]",
                "for file in files: os.write(file, bytes(1 << 20))",
                "time.sleep(20)"));

        assertThat(result.failure().orElseThrow().code()).isEqualTo("memory_exceeded");
    }

    @Test
    void memoryThatIsSharedFromTheStartCounts() throws Exception {
        PhaseResult result = run(python(
                "import mmap, time",
                "shared = mmap.mmap(-1, 100 << 20)",
                "for i in range(100): shared.write(b'x' * (1 << 20))",
                "time.sleep(20)"));

        assertThat(result.failure().orElseThrow().code()).isEqualTo("memory_exceeded");
    }

    @Test
    void filesInTheBuildsOwnSharedMemoryCount() throws Exception {
        if (isOpen()) {
            return; // it would be the machine's
        }
        PhaseResult result = run(python(
                "import time",
                "for i in range(100): open('/dev/shm/%d' % i, 'wb').write(b'x' * (1 << 20))",
                "time.sleep(20)"));

        assertThat(result.failure().orElseThrow().code()).isEqualTo("memory_exceeded");
    }

    /** Each has all of the first one's pages, and none of its own. */
    @Test
    void pagesThatManyProcessesHaveTogetherCountOnce() throws Exception {
        PhaseResult result = run(python(
                "import os, sys, time",
                "pages = b'x' * (20 << 20)",
                "for i in range(10):",
                "    if os.fork() == 0:",
                "        time.sleep(3)",
                "        os._exit(0)",
                "for i in range(10): os.wait()"));

        assertThat(result.status()).isEqualTo(PhaseStatus.SUCCEEDED);
    }

    @Test
    void noUserNamespaceCanBeMadeInsideOfTheBuilds() throws Exception {
        run("unshare --user --map-root-user grep CapEff /proc/self/status; "
                + "echo 9 > /proc/sys/user/max_user_namespaces && echo raised; unshare --user true && echo made");

        if (isOpen()) {
            return; // whether it can be made there is the machine's affair
        }
        assertThat(log.text(ConsoleStream.STDOUT)).isEmpty();
        assertThat(log.text(ConsoleStream.STDERR)).contains("unshare", "No space left on device", "Permission denied");
    }

    /** By the numbers that they have outside. To seize stops nobody. */
    @Test
    void neitherTheWorkerNorAnotherBuildCanBeTraced() throws Exception {
        BuildScope neighbours =
                BuildScope.of(Files.createDirectory(data.resolve("2")), Files.createDirectory(data.resolve("2/.tmp")));
        try (ProcessTree other = processes.open(neighbours)) {
            Process neighbour = other.start(List.of("sleep", "300"), Map.of("PATH", "/usr/bin:/bin"));
            run(python(
                    "import ctypes",
                    "libc = ctypes.CDLL(None)",
                    "for pid in (" + ProcessHandle.current().pid() + ", " + neighbour.pid() + "):",
                    "    print('seized' if libc.ptrace(0x4206, pid, None, None) == 0 else 'no')",
                    "    print('mem' if __import__('os').path.exists('/proc/%d/mem' % pid) else 'no')"));

            if (!isOpen()) {
                assertThat(log.text(ConsoleStream.STDOUT)).isEqualTo("no\nno\nno\nno\n");
            } else {
                assertThat(log.text(ConsoleStream.STDOUT)).contains("mem\n");
            }
            assertThat(neighbour.isAlive()).isTrue();
            other.end(Duration.ZERO);
        }
    }

    /** The process that holds the namespaces is the build's to kill: that ends the build, and nothing else. */
    @Test
    void whoKillsTheFirstProcessOfItsNamespacesEndsItsOwnPhase() throws Exception {
        if (isOpen()) {
            return; // there is none
        }
        run(
                python(
                        "import ctypes, os, signal",
                        "libc = ctypes.CDLL(None)",
                        "libc.ptrace(16, 1, None, None)",
                        "libc.ptrace(8, 1, None, None)",
                        "[os.kill(int(it), signal.SIGKILL) for it in os.listdir('/proc') if it.isdigit() and int(it) != os.getpid()]"));

        assertThat(run("echo next").status()).isEqualTo(PhaseStatus.SUCCEEDED);
        assertThat(log.text(ConsoleStream.STDOUT)).isEqualTo("next\n");
    }

    @Test
    void oneProcessDoesNotGetMoreThanTwiceTheMemoryEvenForAMoment() throws Exception {
        PhaseResult result = run("exec tail /dev/zero");

        assertThat(result.status()).isEqualTo(PhaseStatus.FAILED);
        assertThat(result.exitCode().orElseThrow() == 1
                        || result.failure().orElseThrow().code().equals("memory_exceeded"))
                .isTrue();
    }

    @Test
    void aFileThatIsTooLargeFailsThePhaseWhichSaysSo() throws Exception {
        PhaseResult result = run("head -c 5000000 /dev/zero > big; exit $?");

        assertThat(result.failure().orElseThrow().code()).isEqualTo("file_too_large");
        assertThat(Files.size(folder.resolve("big"))).isEqualTo(MEBIBYTE);
    }

    @Test
    void spentCpuTimeFailsThePhaseWhichSaysSo() throws Exception {
        PhaseResult result = run("while :; do :; done");

        assertThat(result.failure().orElseThrow().code()).isEqualTo("cpu_time_exceeded");
    }

    @Test
    void aSecretIsHandedOutByNameAndNoOutputShowsIt() throws Exception {
        Map<String, String> asks = Map.of("MINE", "${secret:TOKEN}");

        PhaseResult result = run(
                "test ${#MINE} = 12 && echo \"<$MINE>\" && printf s3cr >&2 && sleep 0.3 && printf '3t-value\\n' >&2",
                asks);

        assertThat(result.status()).isEqualTo(PhaseStatus.SUCCEEDED);
        assertThat(log.text(ConsoleStream.STDOUT)).isEqualTo("<***>\n");
        assertThat(log.text(ConsoleStream.STDERR)).isEqualTo("***\n");
    }

    @Test
    void aSecretThatIsNotListedFailsThePhase() throws Exception {
        PhaseResult result = run("true", Map.of("MINE", "${secret:JAVA_HOME}"));

        assertThat(result.failure().orElseThrow().code()).isEqualTo("secret_not_allowed");
    }

    private static String python(String... lines) {
        return "exec python3 -c \"" + String.join("\n", lines) + "\"";
    }

    private boolean isOpen() {
        return mode == Mode.TRUSTED_ONLY;
    }

    private PhaseResult run(String script) throws Exception {
        return run(script, Map.of());
    }

    private PhaseResult run(String script, Map<String, String> environment) throws Exception {
        return runner.run(
                new Phase("phase", "Phase", List.of("sh", "-c", script), Duration.ofSeconds(30), environment, false),
                1,
                1);
    }
}
