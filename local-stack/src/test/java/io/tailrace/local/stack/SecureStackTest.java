package io.tailrace.local.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What {@code up --secure} does around services; what its brokers allow is tested with them. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class SecureStackTest {

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
    void eachServiceIsToldWhereItsOwnSecretsLieAndNoProcessShowsOne() throws Exception {
        StackOptions options = options(true)
                .turnWorkers(1)
                .inherited(Map.of("PATH", "/usr/bin:/bin", "SPRING_CONFIG_IMPORT", "optional:file:/nowhere"))
                .build();
        try (LocalStack stack = LocalStack.start(options)) {
            for (String service : List.of("gateway", "coordinator", "build-worker", "turn-worker")) {
                Path file = data.resolve("security/users/" + service + "/kafka.properties");
                assertThat(Files.readString(stack.member(service + "-1").log()))
                        .contains(service + "-1 imports optional:file:/nowhere," + file.toUri());
                Properties told = new Properties();
                try (var in = Files.newBufferedReader(file)) {
                    told.load(in);
                }
                assertThat(told)
                        .containsEntry("spring.kafka.bootstrap-servers", stack.bootstrapServers())
                        .containsEntry("spring.kafka.security.protocol", "SASL_SSL")
                        .containsEntry("spring.kafka.ssl.bundle", "kafka");
                assertThat(told.getProperty("spring.kafka.properties.sasl.jaas.config"))
                        .contains("\"" + service + "\"");
            }
            for (String password : passwords()) {
                for (StackMember member : stack.members()) {
                    Path process = Path.of("/proc", Long.toString(member.pid()));
                    for (String shown : List.of("cmdline", "environ")) {
                        assertThat(Files.readString(process.resolve(shown), StandardCharsets.ISO_8859_1))
                                .as(member.name() + " " + shown)
                                .doesNotContain(password);
                    }
                    assertThat(Files.readString(member.log())).doesNotContain(password);
                }
            }
            StackStatus.Tools tools = StackStatus.of(data).tools().orElseThrow();
            assertThat(Files.readString(tools.kcat())).contains("bootstrap.servers=" + stack.bootstrapServers());
            assertThat(nodes(tools.console())).isEqualTo(1);
        }
    }

    @Test
    void aDataFolderKeepsTheModeThatItBeganWith() throws Exception {
        LocalStack.start(options(true).build()).close();
        assertThatThrownBy(() -> LocalStack.start(options(false).build()))
                .isInstanceOf(StackStartException.class)
                .hasMessageContaining("began with --secure");

        List<Path> left = halfWritten();
        // Another address, the same users.
        try (LocalStack again = LocalStack.start(options(true).build())) {
            assertThat(nodes(data.resolve("security/users/gateway/client.properties")))
                    .isEqualTo(1);
            assertThat(again.member("broker-1").isAlive()).isTrue();
            assertThat(left).allSatisfy(it -> assertThat(it).doesNotExist());
        }

        Files.move(data.resolve("security"), data.resolve("elsewhere"));
        assertThatThrownBy(() -> LocalStack.start(options(true).build()))
                .isInstanceOf(StackStartException.class)
                .hasMessageContaining("the folder security with its passwords is gone");
        assertThat(StackStatus.of(data).isRunning()).isFalse();
    }

    @Test
    void whatBeganOpenIsNotCalledSecure() throws Exception {
        Files.createDirectories(data.resolve("kafka/broker-1"));

        assertThatThrownBy(() -> LocalStack.start(options(true).build()))
                .isInstanceOf(StackStartException.class)
                .hasMessageContaining("began without --secure")
                .hasMessageContaining("--data");
        assertThat(StackStatus.of(data).tools()).isEmpty();
        assertThat(data.resolve("security")).doesNotExist();
    }

    @Test
    void aSecuredStartThatCameToNothingLeavesTheFolderFree() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            StackOptions options =
                    options(true).gatewayPort(taken.getLocalPort()).build();
            assertThatThrownBy(() -> LocalStack.start(options))
                    .isInstanceOf(StackStartException.class)
                    .hasMessageContaining("is in use");
        }

        try (LocalStack open = LocalStack.start(options(false).build())) {
            assertThat(open.member("broker-1").isAlive()).isTrue();
            assertThat(StackStatus.of(data).tools()).isEmpty();
        }
        LocalStack.start(options(false).build()).close();
    }

    @Test
    void aClusterThatIsThereAlreadyIsNotOursToSecure() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> options(true).bootstrapServers("127.0.0.1:1").build())
                .withMessageContaining("--secure")
                .withMessageContaining("docs/connecting.md");
    }

    /** What processes leave that are killed while they write, wherever a stack writes. */
    private List<Path> halfWritten() throws IOException {
        List<Path> left = new ArrayList<>();
        for (String folder : List.of(
                "",
                "supervisor",
                "kafka/broker-1",
                "services/gateway-1",
                "security/authority",
                "security/broker",
                "security/users/gateway")) {
            Path file = Files.createDirectories(data.resolve(folder)).resolve(".pid8.new");
            Files.setLastModifiedTime(Files.createFile(file), FileTime.from(Instant.EPOCH));
            left.add(file);
        }
        return left;
    }

    private StackOptions.Builder options(boolean secure) {
        return StackOptions.builder(home, data)
                .gatewayPort(0)
                .attached(true)
                .buildWorkers(1)
                .secure(secure);
    }

    private List<String> passwords() throws IOException {
        List<String> all = new ArrayList<>();
        try (Stream<Path> users = Files.list(data.resolve("security/users"))) {
            for (Path user : users.toList()) {
                all.add(Files.readString(user.resolve("password")));
            }
        }
        assertThat(all).hasSize(5);
        return all;
    }

    private static int nodes(Path settings) throws Exception {
        Properties client = new Properties();
        try (var in = Files.newBufferedReader(settings)) {
            client.load(in);
        }
        Admin admin = Admin.create(client);
        try {
            return admin.describeCluster().nodes().get(30, TimeUnit.SECONDS).size();
        } finally {
            admin.close(Duration.ZERO);
        }
    }
}
