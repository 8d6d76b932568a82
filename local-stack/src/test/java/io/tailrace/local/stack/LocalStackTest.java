package io.tailrace.local.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.local.process.FreePorts;
import io.tailrace.local.testing.TestKafka;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
class LocalStackTest {

    @TempDir
    Path folder;

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
    void startsAllProcessesSaysSoAndEndsThemInOrder() throws Exception {
        List<String> ready = new ArrayList<>();
        try (LocalStack stack = LocalStack.start(
                options().gateways(2).coordinators(1).buildWorkers(2).build(), (name, duration) -> ready.add(name))) {
            assertThat(ready)
                    .containsExactlyInAnyOrder(
                            "coordinator-1", "build-worker-1", "build-worker-2", "gateway-1", "gateway-2");
            assertThat(StackStatus.of(data).members())
                    .extracting(StackStatus.Member::name)
                    .containsExactly("build-worker-1", "build-worker-2", "coordinator-1", "gateway-1", "gateway-2");
            assertThat(StackStatus.of(data).members())
                    .allSatisfy(member -> assertThat(member.state()).isEqualTo(StackStatus.State.READY));
            assertThat(StackStatus.gateways(data)).containsExactly(stack.gateway(1), stack.gateway(2));
            assertThat(Files.readString(stack.member("gateway-2").log()))
                    .contains("started gateway-2 with " + stack.bootstrapServers());
        }

        assertThat(StackStatus.of(data).isRunning()).isFalse();
        List<String> ended = new ArrayList<>();
        LocalStack.start(options().build());
        OrderlyEnd.of(data, ended::add);
        assertThat(ended).containsExactly("gateway-1", "build-worker-1", "build-worker-2", "coordinator-1");
        assertThat(Files.readString(data.resolve("services/gateway-1/log"))).endsWith("ended gateway-1\n");
    }

    @Test
    void bringsItsOwnKafka() throws Exception {
        StackOptions options = StackOptions.builder(home, data)
                .gatewayPort(0)
                .attached(true)
                .buildWorkers(1)
                .build();
        try (LocalStack stack = LocalStack.start(options)) {
            assertThat(stack.bootstrapServers())
                    .isEqualTo("127.0.0.1:" + stack.member("broker-1").port());
            assertThat(StackStatus.of(data).members())
                    .extracting(StackStatus.Member::name)
                    .containsExactly("broker-1", "build-worker-1", "coordinator-1", "gateway-1");
            stack.member("broker-1").kill();
            stack.member("broker-1").start();
            assertThat(StackStatus.of(data).members().getFirst().state()).isEqualTo(StackStatus.State.READY);
        }
    }

    @Test
    void refusesASecondStackOnTheSameFolder() throws Exception {
        try (LocalStack first = LocalStack.start(options().build())) {
            assertThatThrownBy(() -> LocalStack.start(options().build()))
                    .isInstanceOf(StackStartException.class)
                    .hasMessageContaining("running on the data folder " + data)
                    .hasMessageContaining("tailrace down");
            assertThat(first.members()).allMatch(StackMember::isAlive);
        }
    }

    @Test
    void refusesAPortThatAnotherProgramHas() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> LocalStack.start(
                            options().gatewayPort(other.getLocalPort()).build()))
                    .isInstanceOf(StackStartException.class)
                    .hasMessageContaining("Port " + other.getLocalPort() + " is in use")
                    .hasMessageContaining("--port");
        }
        assertThat(StackStatus.of(data).isRunning()).isFalse();
    }

    @Test
    void refusesAFolderThatAnotherCommandIsWorkingOn() throws Exception {
        FileLock held = new StackFolder(data).lock();
        assertThatThrownBy(() -> LocalStack.start(options().build()))
                .isInstanceOf(StackStartException.class)
                .hasMessageContaining("Another tailrace command");
        held.channel().close();
    }

    @Test
    void startsAgainAfterEverythingWasKilledAndTakesNoStalePidFilesForProcesses() throws Exception {
        int port = FreePorts.pick(1).getFirst();
        LocalStack first = LocalStack.start(options().gatewayPort(port).build());
        first.members().forEach(StackMember::kill);
        Files.writeString(
                data.resolve("services/gateway-1/pid"), ProcessHandle.current().pid() + " 1000\n");

        try (LocalStack again = LocalStack.start(options().gatewayPort(port).build())) {
            assertThat(again.members()).allMatch(StackMember::isAlive);
            assertThat(again.gateway(1)).isEqualTo(URI.create("http://127.0.0.1:" + port));
        }
    }

    @Test
    void leavesNothingRunningWhenOneServiceDoesNotStartAndShowsItsLog() {
        assertThatThrownBy(() -> LocalStack.start(options()
                        .environment("coordinator-1", "FAKE_FAILURE", "the topic has 3 partitions, not 12")
                        .build()))
                .isInstanceOf(StackStartException.class)
                .hasMessageContaining("coordinator-1 ended while starting")
                .hasMessageContaining("the topic has 3 partitions, not 12");
        assertThat(data)
                .satisfies(path -> assertThat(StackStatus.of(path).isRunning()).isFalse());
    }

    @Test
    void handlesOneProcessAlone() throws Exception {
        try (LocalStack stack = LocalStack.start(
                options().environment("gateway", "FAKE_WORD", "before").build())) {
            StackMember gateway = stack.member("gateway-1");
            long firstPid = gateway.pid();
            gateway.kill();
            assertThat(gateway.isAlive()).isFalse();
            assertThat(stack.member("build-worker-1").isAlive()).isTrue();
            gateway.start();
            assertThat(gateway.pid()).isNotEqualTo(firstPid);
            assertThat(wordOf(stack)).isEqualTo("\"before\"");

            gateway.pause();
            assertThat(stateOf("gateway-1")).isEqualTo(StackStatus.State.NOT_READY);
            gateway.resume();
            assertThat(wordOf(stack)).isEqualTo("\"before\"");

            stack.start("gateway-1", Map.of("FAKE_WORD", "after"));
            assertThat(wordOf(stack)).isEqualTo("\"after\"");
            stack.start("build-worker-3", Map.of());
            assertThat(stateOf("build-worker-3")).isEqualTo(StackStatus.State.READY);
        }
        assertThat(StackStatus.of(data).isRunning()).isFalse();
    }

    @Test
    void saysWhenAnExternalKafkaDoesNotAnswer() throws Exception {
        int nobody = FreePorts.pick(1).getFirst();
        assertThatThrownBy(() -> LocalStack.start(options()
                        .startLimit(Duration.ofSeconds(2))
                        .bootstrapServers("127.0.0.1:" + nobody)
                        .build()))
                .isInstanceOf(StackStartException.class)
                .hasMessageContaining("No Kafka cluster answers at 127.0.0.1:" + nobody);
    }

    @Test
    void namesTheJarThatIsMissing() {
        assertThatThrownBy(() -> LocalStack.start(StackOptions.builder(folder.resolve("empty"), data)
                        .gatewayPort(0)
                        .bootstrapServers(TestKafka.shared().bootstrapServers())
                        .build()))
                .isInstanceOf(StackStartException.class)
                .hasMessageContaining("The jar of");
    }

    @Test
    void givesEachProcessWhatItNeedsOfTheEnvironmentAndNothingElse() throws Exception {
        Map<String, String> parent = Map.of(
                "PATH", System.getenv("PATH"),
                "AWS_SECRET_ACCESS_KEY", "secret",
                "TAILRACE_GATEWAY_CURSOR_KEY", "secret",
                "TAILRACE_WORKER_SLOTS", "2");
        try (LocalStack stack =
                LocalStack.start(options().buildWorkers(1).inherited(parent).build())) {
            assertThat(knownTo(stack, "gateway-1"))
                    .contains("PATH", "TAILRACE_GATEWAY_CURSOR_KEY", "TAILRACE_INSTANCE")
                    .doesNotContain("AWS_SECRET_ACCESS_KEY", "TAILRACE_WORKER_SLOTS");
            assertThat(knownTo(stack, "build-worker-1"))
                    .contains("PATH", "TAILRACE_WORKER_SLOTS")
                    .doesNotContain("AWS_SECRET_ACCESS_KEY", "TAILRACE_GATEWAY_CURSOR_KEY");
        }
    }

    @Test
    void letsNoOtherAccountReadWhatItsProcessesWrite() throws Exception {
        Files.createDirectories(data.resolve("services"));
        Files.setPosixFilePermissions(data.resolve("services"), PosixFilePermissions.fromString("rwxr-xr-x"));
        StackOptions options = StackOptions.builder(home, data)
                .gatewayPort(0)
                .attached(true)
                .restarting(true)
                .buildWorkers(1)
                .build();
        try (LocalStack stack = LocalStack.start(options)) {
            assertThat(stack.members()).allMatch(StackMember::isAlive);
            assertThat(Stream.of("kafka", "kafka/broker-1/tmp", "services", "services/gateway-1", "supervisor"))
                    .allSatisfy(part -> assertThat(Files.getPosixFilePermissions(data.resolve(part)))
                            .isEqualTo(PosixFilePermissions.fromString("rwx------")));
        }
    }

    @Test
    void letsADebuggerAttachToTheServiceItIsToldAndToNoOther() throws Exception {
        int port = FreePorts.pick(1).getFirst();
        try (LocalStack stack = LocalStack.start(
                options().buildWorkers(1).debugPorts(Map.of("gateway-1", port)).build())) {
            assertThat(stack.members()).allMatch(StackMember::isAlive);
            assertThat(Files.readString(stack.member("gateway-1").log())).contains("dt_socket at address: " + port);
            assertThat(Files.readString(stack.member("build-worker-1").log())).doesNotContain("dt_socket");
            byte[] greeting = "JDWP-Handshake".getBytes(StandardCharsets.US_ASCII);
            try (Socket debugger = new Socket(InetAddress.getLoopbackAddress(), port)) {
                debugger.getOutputStream().write(greeting);
                assertThat(debugger.getInputStream().readNBytes(greeting.length))
                        .isEqualTo(greeting);
            }
        }
    }

    private static List<String> knownTo(LocalStack stack, String name) throws IOException {
        return Files.readAllLines(stack.member(name).log()).stream()
                .filter(line -> line.startsWith(name + " knows ["))
                .flatMap(line -> Stream.of(line.replaceAll("^.*\\[|\\]$", "").split(", ", -1)))
                .toList();
    }

    private StackOptions.Builder options() {
        return StackOptions.builder(home, data)
                .gatewayPort(0)
                .attached(true)
                .startLimit(Duration.ofSeconds(30))
                .bootstrapServers(TestKafka.shared().bootstrapServers());
    }

    private StackStatus.State stateOf(String name) throws IOException {
        return StackStatus.of(data).members().stream()
                .filter(member -> member.name().equals(name))
                .findFirst()
                .orElseThrow()
                .state();
    }

    private static String wordOf(LocalStack stack) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                            HttpRequest.newBuilder(stack.gateway(1).resolve("/actuator/health/readiness"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }
}
