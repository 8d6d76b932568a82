package io.tailrace.builds.phase;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.builds.testing.RecordedLog;
import io.tailrace.events.plan.Phase;
import io.tailrace.events.stage.BuildFact.ConsoleStream;
import io.tailrace.events.stage.BuildFact.PhaseStatus;
import io.tailrace.sandbox.folder.BuildFolder;
import io.tailrace.sandbox.folder.WorkerFolder;
import io.tailrace.sandbox.isolation.IsolationSettings.Mode;
import io.tailrace.sandbox.isolation.Secrets;
import io.tailrace.sandbox.process.BuildProcesses;
import io.tailrace.sandbox.process.BuildScope;
import io.tailrace.sandbox.process.ProcessMark;
import io.tailrace.sandbox.process.ProcessTree;
import io.tailrace.sandbox.process.TreeLimits;
import io.tailrace.sandbox.testing.Confined;
import io.tailrace.sandbox.testing.DeepFolders;
import io.tailrace.worker.attempt.StopSignal;
import java.nio.file.Path;
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

/** Builds on a small file system of their own, which one of them fills. Says loudly where none can be mounted. */
@Timeout(60)
@ParameterizedClass
@MethodSource("io.tailrace.sandbox.testing.Confined#modes")
class FullDiskTest {

    private static final String SMALL = "size=2m";

    private final Mode mode;

    @TempDir
    private Path data;

    private boolean mounted;

    FullDiskTest(Mode mode) {
        this.mode = mode;
    }

    @BeforeEach
    void mount() throws Exception {
        mounted = new ProcessBuilder("mount", "-t", "tmpfs", "-o", SMALL, "tmpfs", data.toString())
                        .start()
                        .waitFor()
                == 0;
        if (!mounted) {
            System.err.println("NOT RUN: builds on a full disk, for no file system can be mounted here");
        }
    }

    @AfterEach
    void unmount() throws Exception {
        if (mounted) {
            DeepFolders.run("umount", data.toString());
        }
    }

    @Test
    void aBuildThatFillsTheDiskFailsWithItsOwnWordsAndTheNextHasRoomAgain() throws Exception {
        if (!mounted) {
            return;
        }
        ProcessMark mark = new ProcessMark(UUID.randomUUID().toString().replace("-", ""));
        try (WorkerFolder worker = WorkerFolder.open(data, mark);
                BuildProcesses processes = new BuildProcesses(
                        mark, worker.path(), Confined.isolation(mode).confinement(), TreeLimits.NONE)) {
            BuildFolder greedy = worker.create();
            RecordedLog full = new RecordedLog();

            PhaseResult result = run(
                    processes, greedy, full, "i=0; while head -c 300000 /dev/zero > f$i; do i=$((i+1)); done; exit 1");

            assertThat(result.failure().orElseThrow().code()).isEqualTo("phase_failed");
            assertThat(full.text(ConsoleStream.STDERR)).contains("No space left on device");
            BuildFolder beside = worker.create();
            assertThat(run(processes, beside, new RecordedLog(), "head -c 300000 /dev/zero > f")
                            .status())
                    .isEqualTo(PhaseStatus.FAILED);
            greedy.remove();
            beside.remove();
            assertThat(run(processes, worker.create(), new RecordedLog(), "head -c 300000 /dev/zero > f")
                            .status())
                    .isEqualTo(PhaseStatus.SUCCEEDED);
        }
    }

    private static PhaseResult run(BuildProcesses processes, BuildFolder folder, RecordedLog log, String script)
            throws Exception {
        BuildScope scope = BuildScope.of(folder.path(), folder.temporary());
        try (ProcessTree tree = processes.open(scope);
                PhaseRunner runner = new PhaseRunner(
                        scope,
                        Map.of("PATH", "/usr/bin:/bin"),
                        tree,
                        log,
                        new StopSignal(),
                        new PhaseSettings(Duration.ofMillis(500), Duration.ofMillis(50), 16 * 1024),
                        Secrets.NONE)) {
            return runner.run(
                    new Phase("phase", "Phase", List.of("sh", "-c", script), Duration.ofSeconds(30), Map.of(), false),
                    1,
                    1);
        }
    }
}
