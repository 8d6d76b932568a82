package io.tailrace.local.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.local.folder.Folders;
import io.tailrace.local.process.JavaCommand;
import io.tailrace.local.stack.StackStatus.State;
import io.tailrace.local.stack.StackStatus.Supervision;
import io.tailrace.local.testing.TestKafka;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
class SupervisorTest {

    @TempDir
    Path folder;

    private final List<String> said = new CopyOnWriteArrayList<>();
    private final StackNews news = new StackNews() {
        @Override
        public void ready(String name, Duration after) {}

        @Override
        public void said(String text) {
            said.add(text);
        }
    };
    private Path home;
    private Path data;

    @BeforeEach
    void prepare() throws IOException {
        home = FakeService.home(folder.resolve("a home"));
        data = folder.resolve("some data");
    }

    @AfterEach
    void leaveNothingBehind() throws IOException {
        OrderlyEnd.of(data, name -> {});
    }

    @Test
    void whatWasKilledIsStartedAgainWhereItWasAndStatusSaysSo() throws Exception {
        try (LocalStack stack = start(options())) {
            StackMember gateway = stack.member("gateway-1");
            long before = gateway.pid();
            int port = gateway.port();
            gateway.kill();
            soon(() -> assertThat(status("gateway-1").state()).isEqualTo(State.READY));

            assertThat(gateway.pid()).isNotEqualTo(before);
            assertThat(status("gateway-1").port()).isEqualTo(port);
            Restarts restarts = status("gateway-1").restarts().orElseThrow();
            assertThat(restarts.count()).isEqualTo(1);
            assertThat(restarts.exitCode()).contains(137);
            assertThat(restarts.nextStart()).isEmpty();
            assertThat(status("coordinator-1").restarts()).isEmpty();
            assertThat(StackStatus.of(data).supervision()).isEqualTo(Supervision.RUNS);
            assertThat(said)
                    .anyMatch(it -> it.startsWith("gateway-1 has ended (exit code 137, killed)"))
                    .contains("gateway-1 is started again, restart 1");
        }
        assertThat(StackStatus.of(data).isRunning()).isFalse();
        assertThat(StackStatus.of(data).supervision()).isEqualTo(Supervision.NONE);
    }

    @Test
    void aKilledBrokerIsStartedAgainOnItsData() throws Exception {
        StackOptions.Builder options = StackOptions.builder(home, data)
                .gatewayPort(0)
                .attached(true)
                .restarting(true)
                .buildWorkers(0);
        try (LocalStack stack = start(options)) {
            StackMember broker = stack.member("broker-1");
            long before = broker.pid();
            broker.kill();
            soon(() -> assertThat(broker.pid()).isNotEqualTo(before));
            broker.awaitReady();
            assertThat(status("broker-1").restarts().orElseThrow().count()).isEqualTo(1);
        }
    }

    @Test
    void whatKeepsDyingIsReportedWithItsLogWhileOthersGoOnAndComesBackWhenItCan() throws Exception {
        Path unbearable = folder.resolve("unbearable");
        try (LocalStack stack =
                start(options().environment("coordinator", "FAKE_FAILS_WHILE_THERE_IS", unbearable.toString()))) {
            long gateway = stack.member("gateway-1").pid();
            Files.createFile(unbearable);
            stack.member("coordinator-1").kill();
            soon(() -> assertThat(said)
                    .anyMatch(it ->
                            it.startsWith("coordinator-1 has ended (exit code 7), 2 times in a row; it starts again")
                                    && it.contains("\n  cannot bear " + unbearable)));
            soon(() -> assertThat(said).anyMatch(it -> it.contains("3 times in a row") && it.contains("in 4 s")));

            assertThat(status("coordinator-1").state()).isEqualTo(State.ENDED);
            assertThat(status("coordinator-1").restarts().orElseThrow().exitCode())
                    .contains(7);
            assertThat(status("coordinator-1").restarts().orElseThrow().nextStart())
                    .isPresent();
            assertThat(stack.member("gateway-1").pid()).isEqualTo(gateway);
            assertThat(status("gateway-1").state()).isEqualTo(State.READY);

            Files.delete(unbearable);
            soon(() -> assertThat(status("coordinator-1").state()).isEqualTo(State.READY));
        }
    }

    @Test
    void whatATestStopsStaysStoppedUntilTheTestStartsIt() throws Exception {
        try (LocalStack stack = start(options())) {
            StackMember worker = stack.member("build-worker-1");
            worker.stop();
            stack.member("build-worker-2").kill();
            soon(() -> assertThat(status("build-worker-2").state()).isEqualTo(State.READY));
            assertThat(worker.isAlive()).isFalse();

            worker.start();
            worker.kill();
            soon(() -> assertThat(status("build-worker-1").state()).isEqualTo(State.READY));
        }
    }

    @Test
    void nobodyStartsAgainWhatDiesWithoutTheOption() throws Exception {
        try (LocalStack stack = start(options().restarting(false))) {
            stack.member("gateway-1").kill();
            stack.awaitEndOfSupervision();
            assertThat(StackStatus.of(data).supervision()).isEqualTo(Supervision.NONE);
            assertThat(data.resolve("supervisor")).doesNotExist();
        }
        assertThat(said).isEmpty();
    }

    @Test
    void downDuringABackOffEndsEverythingForGood() throws Exception {
        LocalStack stack = start(options());
        stack.member("gateway-1").kill();
        soon(() -> assertThat(said).isNotEmpty());
        OrderlyEnd.of(data, name -> {});

        stack.awaitEndOfSupervision();
        assertThat(StackStatus.of(data).isRunning()).isFalse();
        assertThat(stack.member("gateway-1").isAlive()).isFalse();
        assertThat(said).last().asString().startsWith("Another tailrace command has");
        stack.close();
    }

    /** Told by us, not found in the folder: nobody else has ended it, and nothing that ends is news. */
    @Test
    void closingTheStackEndsTheSupervisorWithoutAWord() throws Exception {
        LocalStack stack = start(options());
        stack.close();

        stack.awaitEndOfSupervision();
        assertThat(said).isEmpty();
        assertThat(stack.members()).noneMatch(StackMember::isAlive);
    }

    @Test
    void aSecondStartIsRefusedAsLongAsTheSupervisorRuns() throws Exception {
        try (LocalStack stack = start(options())) {
            stack.member("gateway-1").kill();
            assertThatThrownBy(() -> start(options()))
                    .isInstanceOf(StackStartException.class)
                    .hasMessageContaining("running on the data folder");
            soon(() -> assertThat(status("gateway-1").state()).isEqualTo(State.READY));
        }
    }

    @Test
    void waitsForAPortThatAnotherProgramHasTakenMeanwhile() throws Exception {
        try (LocalStack stack = start(options())) {
            StackMember gateway = stack.member("gateway-1");
            gateway.kill();
            try (ServerSocket other = new ServerSocket(gateway.port(), 1, InetAddress.getLoopbackAddress())) {
                soon(() -> assertThat(said)
                        .anyMatch(it -> it.startsWith("gateway-1 cannot be started: port " + other.getLocalPort()
                                + " is in use by another program")));
            }
            soon(() -> assertThat(status("gateway-1").state()).isEqualTo(State.READY));
        }
    }

    @Test
    void aRemovedDataFolderEndsTheStackInsteadOfBeginningANewOneOnIt() throws Exception {
        LocalStack stack = start(options());
        Folders.delete(data);
        stack.awaitEndOfSupervision();

        assertThat(stack.members()).noneMatch(StackMember::isAlive);
        assertThat(said).anyMatch(it -> it.startsWith("The data folder " + data + " was removed"));
        stack.close();
    }

    @Test
    void whenTheSupervisorIsKilledStatusSaysSoAndTheNextStartTakesOver() throws Exception {
        Process supervisor = supervise();
        soon(() -> assertThat(StackStatus.of(data).supervision()).isEqualTo(Supervision.RUNS));
        assertThat(StackStatus.supervisor(data)).contains(supervisor.pid());
        supervisor.destroyForcibly().waitFor();

        assertThat(StackStatus.of(data).supervision()).isEqualTo(Supervision.DIED);
        long gateway = status("gateway-1").pid().orElseThrow();
        kill("coordinator-1");
        assertThatThrownBy(() -> start(options().attached(false).buildWorkers(3)))
                .isInstanceOf(StackStartException.class)
                .hasMessageContaining("give the same options: --port 0")
                .hasMessageContaining("--build-workers 2");

        try (LocalStack stack = start(options().attached(false))) {
            soon(() -> assertThat(status("coordinator-1").state()).isEqualTo(State.READY));
            assertThat(stack.member("gateway-1").pid()).isEqualTo(gateway);
            assertThat(StackStatus.of(data).supervision()).isEqualTo(Supervision.RUNS);
            stack.member("gateway-1").kill();
            soon(() -> assertThat(status("gateway-1").state()).isEqualTo(State.READY));
            assertThat(status("gateway-1").restarts().orElseThrow().exitCode()).isEmpty();
        }
        assertThat(StackStatus.of(data).isRunning()).isFalse();
    }

    @Test
    void downEndsTheSupervisorFirst() throws Exception {
        Process supervisor = supervise();
        soon(() -> assertThat(StackStatus.of(data).supervision()).isEqualTo(Supervision.RUNS));
        OrderlyEnd.of(data, name -> {});

        assertThat(supervisor.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(StackStatus.of(data).isRunning()).isFalse();
    }

    private Process supervise() throws IOException {
        List<Path> classPath = Arrays.stream(
                        System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .map(Path::of)
                .toList();
        List<String> arguments = List.of(home.toString(), data.toString(), kafka());
        return new ProcessBuilder(
                        JavaCommand.of(JavaCommand.SHORT_LIVED, classPath, SupervisedMain.class.getName(), arguments))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("supervisor.out").toFile())
                .start();
    }

    private void kill(String member) throws IOException {
        long pid = status(member).pid().orElseThrow();
        Optional<ProcessHandle> process = ProcessHandle.of(pid);
        process.ifPresent(ProcessHandle::destroyForcibly);
        soon(() -> assertThat(status(member).state()).isEqualTo(State.ENDED));
    }

    private LocalStack start(StackOptions.Builder options) throws IOException {
        return LocalStack.start(options.build(), news);
    }

    private StackOptions.Builder options() {
        return options(home, data, kafka()).attached(true);
    }

    private static String kafka() {
        return TestKafka.shared().bootstrapServers();
    }

    static StackOptions.Builder options(Path home, Path data, String kafka) {
        return StackOptions.builder(home, data)
                .gatewayPort(0)
                .restarting(true)
                .startLimit(Duration.ofSeconds(30))
                .bootstrapServers(kafka);
    }

    private StackStatus.Member status(String name) throws IOException {
        return StackStatus.of(data).members().stream()
                .filter(member -> member.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static void soon(ThrowingRunnable assertion) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(50))
                .untilAsserted(assertion);
    }
}
