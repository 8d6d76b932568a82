package io.tailrace.sandbox.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tailrace.sandbox.isolation.IsolationSettings.Mode;
import io.tailrace.sandbox.testing.Confined;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Real processes that do what builds do, and worse. Each writes the pids that it wants to survive into the file {@code pids}. */
@Timeout(120)
@ParameterizedClass
@MethodSource("io.tailrace.sandbox.testing.Confined#modes")
class ProcessTreeTest {

    private static final Duration GRACE = Duration.ofMillis(300);

    private final Mode mode;

    @TempDir
    private Path folder;

    private BuildProcesses processes;
    private ProcessTree tree;

    private Process before;
    private Set<ProcessIdentity> zombiesBefore = Set.of();

    ProcessTreeTest(Mode mode) {
        this.mode = mode;
    }

    @BeforeEach
    void open() throws IOException {
        zombiesBefore = ProcessTable.take().entries().values().stream()
                .filter(ProcessEntry::isZombie)
                .map(ProcessEntry::identity)
                .collect(Collectors.toSet());
        before = new ProcessBuilder("setsid", "sleep", "300").start();
        processes =
                new BuildProcesses(anyMark(), folder, Confined.isolation(mode).confinement(), TreeLimits.NONE);
        tree = processes.open(scope(folder));
    }

    @AfterEach
    void close() {
        tree.end(Duration.ZERO);
        tree.close();
        processes.close();
        before.destroyForcibly();
    }

    @Test
    void endsTheCommandItself() throws Exception {
        Process command = shell("exec sleep 300");

        assertThat(tree.end(GRACE)).isZero();

        assertThat(command.onExit().get().exitValue()).isEqualTo(143);
    }

    @Test
    void endsWhatWasPutIntoAnotherSession() throws Exception {
        shell("setsid sh -c 'echo $$ >> pids; exec sleep 300' & setsid sh -c 'echo $$ >> pids; exec sleep 300' & wait");

        assertThatAllEnd(2);
    }

    @Test
    void endsADaemonThatForkedTwiceWhenItsCommandHasLongEnded() throws Exception {
        Process command = shell(
                "(setsid nohup sh -c 'echo $$ >> pids; exec sleep 300' >/dev/null 2>&1 &) ; (sleep 300 & echo $! >> pids) & exit 0");
        command.onExit().get();

        assertThatAllEnd(2);
    }

    @Test
    void endsADaemonThatClearedItsEnvironmentAndLeftTheFolder() throws Exception {
        Process command = shell("(cd / && env -i /usr/bin/setsid /bin/sh -c \"echo \\$\\$ >> " + folder
                + "/pids; exec /bin/sleep 300\" >/dev/null 2>&1 &)");
        command.onExit().get();

        assertThatAllEnd(1);
    }

    @Test
    void endsWhatIgnoresTheRequestToEnd() throws Exception {
        shell("trap '' TERM INT HUP; echo $$ >> pids; while :; do sleep 1; done");

        assertThatAllEnd(1);
    }

    @Test
    void endsWhatIsStopped() throws Exception {
        shell("echo $$ >> pids; kill -STOP $$; sleep 300");

        assertThatAllEnd(1);
    }

    @Test
    void endsATreeThatKeepsForkingWhileItIsEnded() throws Exception {
        shell("""
                trap '' TERM
                spawn() { trap '' TERM; n=0; while [ $n -lt 400 ]; do n=$((n+1)); (setsid sleep 20 &) ; done; }
                spawn & spawn & spawn & echo $$ >> pids; wait
                """);
        // Only that it is under way: a tree that grows faster than this test looks may be ended for its size already.
        var _ = awaitPidsInside(1);

        assertThat(tree.end(GRACE)).isZero();

        assertThat(tree.size()).isZero();
        assertThat(processesIn(folder)).isEmpty();
    }

    @Test
    void letsProcessesEndInOrderWithinTheGrace() throws Exception {
        shell("trap 'echo cleaned > cleaned; exit 0' TERM; echo $$ >> pids; while :; do sleep 0.05; done");
        awaitPids(1);

        tree.end(Duration.ofSeconds(5));

        assertThat(folder.resolve("cleaned")).exists();
    }

    @Test
    void leavesNoZombieBehind() throws Exception {
        Process command = shell("for i in 1 2 3 4 5; do (setsid sh -c 'echo $$ >> pids; exec sleep 300' &) ; done");
        command.onExit().get();

        assertThatAllEnd(5);

        long self = ProcessHandle.current().pid();
        await().atMost(Duration.ofSeconds(40))
                .untilAsserted(() -> assertThat(ProcessTable.take().entries().values())
                        .filteredOn(entry -> entry.isZombie()
                                && entry.parentPid() == self
                                && !zombiesBefore.contains(entry.identity()))
                        .isEmpty());
    }

    @Test
    void leavesAnotherBuildAlone() throws Exception {
        Path otherFolder = Files.createDirectory(folder.resolve("other"));
        ProcessTree other = processes.open(scope(otherFolder));
        Process survivor = other.start(List.of("sleep", "300"), environment());
        shell("echo $$ >> pids; exec sleep 300");

        assertThatAllEnd(1);

        assertThat(survivor.isAlive()).isTrue();
        assertThat(other.size()).isPositive();
        other.end(Duration.ZERO);
        other.close();
    }

    @Test
    void leavesAloneWhatOtherCodeOfThisJvmStarted() throws Exception {
        Process foreign = new ProcessBuilder("sleep", "300").start();
        shell("echo $$ >> pids; exec sleep 300");

        assertThatAllEnd(1);

        assertThat(foreign.isAlive()).isTrue();
        assertThat(before.isAlive()).isTrue();
        foreign.destroyForcibly();
    }

    @Test
    void theWardenEndsWhatIsLeftWhenTheWorkerGoes() throws Exception {
        Process command = shell("(setsid sh -c 'echo $$ >> pids; exec sleep 300' &); exec sleep 300");
        List<Long> pids = awaitPids(1);

        processes.close();

        await().atMost(Duration.ofSeconds(40)).until(() -> !command.isAlive() && !isAlive(pids.getFirst()));
    }

    @Test
    void endsWhatAWorkerThatIsNoMoreLeftBehind() throws Exception {
        Process leftBehind = new ProcessBuilder("sh", "-c", "cd /; exec setsid sleep 300").start();
        ProcessMark mark = anyMark();
        ProcessBuilder marked = new ProcessBuilder("sh", "-c", "cd /; exec setsid sleep 300");
        marked.environment().put(ProcessMark.VARIABLE, mark.ofBuild(7));
        Process ofDeadWorker = marked.start();

        int left = BuildProcesses.endLeftBehind(mark, folder);

        assertThat(left).isZero();
        // Its exit status may be taken by the count of adopted processes, of which it looks to be one.
        assertThat(ofDeadWorker.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(leftBehind.isAlive()).isTrue();
        leftBehind.destroyForcibly();
    }

    private static ProcessMark anyMark() {
        return new ProcessMark(UUID.randomUUID().toString().replace("-", ""));
    }

    private void assertThatAllEnd(int count) throws Exception {
        List<Long> pids = awaitPids(count);
        assertThat(pids).allMatch(ProcessTreeTest::isAlive);

        assertThat(tree.end(GRACE)).isZero();

        assertThat(pids).noneMatch(ProcessTreeTest::isAlive);
        assertThat(tree.size()).isZero();
    }

    private Process shell(String script) throws CommandNotStarted {
        return tree.start(List.of("sh", "-c", script), environment());
    }

    private static BuildScope scope(Path folder) throws IOException {
        return BuildScope.of(folder, Files.createDirectories(folder.resolve(".tmp")));
    }

    private static Map<String, String> environment() {
        return new HashMap<>(Map.of("PATH", "/usr/bin:/bin"));
    }

    private List<Long> awaitPids(int count) {
        return awaitPidsInside(count).stream().map(this::hostPid).toList();
    }

    /** As the processes know themselves. */
    private List<Long> awaitPidsInside(int count) {
        Path file = folder.resolve("pids");
        return await().atMost(Duration.ofSeconds(40))
                .until(
                        () -> Files.exists(file)
                                ? Files.readAllLines(file).stream()
                                        .map(Long::valueOf)
                                        .toList()
                                : List.<Long>of(),
                        pids -> pids.size() == count);
    }

    private long hostPid(long pid) {
        try {
            OptionalLong holder = tree.holder();
            return holder.isPresent() ? Confined.hostPid(pid, holder) : pid;
        } catch (CommandNotStarted e) {
            throw new AssertionError(e);
        }
    }

    private static boolean isAlive(long pid) {
        return ProcessTable.entry(pid).filter(entry -> !entry.isZombie()).isPresent();
    }

    private static List<ProcessEntry> processesIn(Path folder) throws IOException {
        return ProcessTable.take().entries().values().stream()
                .filter(entry -> ProcessTable.workingFolder(entry.pid())
                        .filter(path -> path.startsWith(folder))
                        .isPresent())
                .toList();
    }
}
