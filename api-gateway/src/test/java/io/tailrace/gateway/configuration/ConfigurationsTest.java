package io.tailrace.gateway.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.events.log.Topic;
import io.tailrace.gateway.testing.Answer;
import io.tailrace.gateway.testing.Refusal;
import io.tailrace.gateway.testing.ScriptedCoordinator;
import io.tailrace.gateway.testing.TestGateway;
import io.tailrace.local.testing.TestKafka;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Configurations through HTTP, on a real broker. */
class ConfigurationsTest {
    private static final byte[] SMALL = Archives.zip(Map.of("pyproject.toml", bytes("[project]")));

    @TempDir
    private static Path roots;

    private static TestGateway gateway;
    private static TestGateway other;
    private static int names;

    @BeforeAll
    static void start() {
        String[] settings = {
            "tailrace.gateway.configurations.max-size=4MB",
            "tailrace.gateway.configurations.max-unpacked=6MB",
            "tailrace.gateway.configurations.max-entries=50",
            "tailrace.gateway.configurations.turn-within=300ms",
            "tailrace.gateway.configurations.roots=" + roots.resolve("open")
        };
        gateway = TestGateway.start(settings);
        other = TestGateway.start(settings);
    }

    @AfterAll
    static void stop() {
        gateway.close();
        other.close();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    /** A place that no other test has used. */
    private static String place() {
        return "/workspaces/w/configurations/c" + System.nanoTime() + "-" + names++;
    }

    @Test
    void clientsThatSendSlowlyDoNotHoldTheOthersUp() throws Exception {
        List<Socket> slow = new ArrayList<>();
        try {
            for (int i = 0; i < 4; i++) {
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), gateway.port());
                slow.add(socket);
                socket.getOutputStream()
                        .write(bytes("PUT " + place() + " HTTP/1.1\r\nHost: localhost\r\n"
                                + "Content-Type: application/zip\r\nContent-Length: 1000\r\n\r\nP"));
            }
            Awaitility.await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> {
                Answer fifth = gateway.put(place(), SMALL);
                assertThat(fifth.status()).as(fifth.body()).isEqualTo(503);
                assertThat(fifth.body()).contains("too_many_uploads");
                assertThat(fifth.header("retry-after")).isPresent();
            });
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .until(() -> gateway.put(place(), SMALL).status() == 201);
    }

    /** How many records artifacts and definitions have. */
    private static long written() throws Exception {
        try (Admin admin = Admin.create(Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, TestKafka.shared().bootstrapServers()))) {
            Map<TopicPartition, OffsetSpec> question = new java.util.HashMap<>();
            question.put(new TopicPartition(Topic.DEFINITIONS.topicName(), 0), OffsetSpec.latest());
            for (int i = 0; i < TestGateway.PARTITIONS; i++) {
                question.put(new TopicPartition(Topic.ARTIFACTS.topicName(), i), OffsetSpec.latest());
            }
            return admin.listOffsets(question).all().get().values().stream()
                    .mapToLong(it -> it.offset())
                    .sum();
        }
    }

    @Test
    void uploadIsListedShownAndDownloadedAsItWasThroughAnyGateway() {
        String place = place();
        byte[] archive = Archives.zip(Map.of("pyproject.toml", bytes("x"), "data", random(3_000_000)));
        Answer uploaded = gateway.put(place, archive);
        assertThat(uploaded.status()).as(uploaded.body()).isEqualTo(201);
        assertThat(uploaded.header("location")).contains(place);
        String digest = uploaded.text("digest");
        assertThat(uploaded.header("etag")).contains('"' + digest + '"');

        Answer shown = other.get(place);
        assertThat(shown.json()).isEqualTo(uploaded.json());
        assertThat(shown.json().get("versions").get(0).get("bytes").asLong()).isEqualTo(archive.length);
        assertThat(other.get("/workspaces/w/configurations").body()).contains(digest);
        assertThat(other.get("/workspaces/elsewhere/configurations").body()).isEqualTo("{\"configurations\":[]}");
        assertThat(download(shown.json().get("versions").get(0).get("url").asString()))
                .isEqualTo(archive);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"application/x-www-form-urlencoded", "application/zip", "application/octet-stream", "text/plain"
            })
    void archiveIsTakenWhateverTypeAClientGivesIt(String type) {
        String place = place();
        Answer uploaded = gateway.put(place, SMALL, "Content-Type", type);
        assertThat(uploaded.status()).as(uploaded.body()).isEqualTo(201);
        assertThat(uploaded.json().get("versions").get(0).get("bytes").asLong()).isEqualTo(SMALL.length);
    }

    private static byte[] download(String path) {
        try {
            return other.bytes(path);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void theSameUploadTwiceCostsNothing() throws Exception {
        String place = place();
        assertThat(gateway.put(place, SMALL).status()).isEqualTo(201);
        long before = written();
        Answer again = other.put(place, SMALL);
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.json().get("versions").size()).isEqualTo(1);
        assertThat(written()).isEqualTo(before);
        assertThat(gateway.put(place(), SMALL).status()).isEqualTo(201);
        assertThat(written()).as("the archive is there already").isEqualTo(before + 1);
    }

    @Test
    void versionsAreKeptAndAnOldOneCanBecomeTheCurrentOneAgain() throws Exception {
        String place = place();
        byte[] second = Archives.tar(Map.of("setup.py", bytes("setup()")));
        String first = gateway.put(place, SMALL).text("digest");
        String newer = gateway.put(place, second).text("digest");
        assertThat(digests(other.get(place))).containsExactly(newer, first);
        assertThat(other.put(place, SMALL).status()).isEqualTo(201);
        assertThat(digests(gateway.get(place))).containsExactly(first, newer);
        assertThat(gateway.bytes(place + "/versions/" + newer)).isEqualTo(second);
    }

    private static List<String> digests(Answer configuration) {
        return IntStream.range(0, configuration.json().get("versions").size())
                .mapToObj(it -> configuration
                        .json()
                        .get("versions")
                        .get(it)
                        .get("digest")
                        .asString())
                .toList();
    }

    static Stream<Arguments> refused() throws Exception {
        byte[] cut = Arrays.copyOf(SMALL, SMALL.length - 30);
        byte[] gzip = Archives.tar(Map.of("a", random(10_000)));
        return Stream.of(
                Arguments.of("not_an_archive", bytes("hello")),
                Arguments.of("not_an_archive", new byte[0]),
                Arguments.of("archive_damaged", cut),
                Arguments.of("archive_damaged", Arrays.copyOf(gzip, 5000)),
                Arguments.of("archive_unsafe", Archives.zip(Map.of("../evil", bytes("x")))),
                Arguments.of("archive_unsafe", Archives.zip(Map.of("a/../../evil", bytes("x")))),
                Arguments.of("archive_unsafe", Archives.zip(Map.of("/etc/evil", bytes("x")))),
                Arguments.of("archive_unsafe", Archives.zip(Map.of("C:/evil", bytes("x")))),
                Arguments.of("archive_unsafe", Archives.zip(Map.of("..\\evil", bytes("x")))),
                Arguments.of("archive_unsafe", Archives.tar(Map.of("../evil", bytes("x")))),
                Arguments.of("archive_unsafe", Archives.tar(Map.of("/etc/evil", bytes("x")))),
                Arguments.of("archive_unsafe", Archives.tar(Map.of("d/".repeat(32) + "deep", bytes("x")))),
                Arguments.of("archive_unsafe", Archives.zip(Map.of("x".repeat(513), bytes("x")))),
                Arguments.of("archive_unsafe", Archives.tar(Map.of(".", bytes("x")))),
                Arguments.of("archive_unsafe", Archives.zipWithLink()),
                Arguments.of("archive_unsafe", Archives.tarWith(TarConstants.LF_SYMLINK)),
                Arguments.of("archive_unsafe", Archives.tarWith(TarConstants.LF_LINK)),
                Arguments.of("archive_unsafe", Archives.tarWith(TarConstants.LF_FIFO)),
                Arguments.of("archive_unsafe", Archives.tarWith(TarConstants.LF_CHR)),
                Arguments.of("archive_too_large", Archives.zip(Map.of("bomb", new byte[7_000_000]))),
                Arguments.of("archive_too_large", Archives.tar(Map.of("bomb", new byte[7_000_000]))),
                Arguments.of("archive_empty", Archives.tar(Map.of())));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void whatIsNoArchiveOrADangerousOneIsRefused(String code, byte[] body) {
        String place = place();
        Refusal.check(gateway.put(place, body), 422, code, Refusal.ANY);
        Refusal.check(gateway.get(place), 404, "unknown_configuration", Refusal.ANY);
    }

    @Test
    void tooManyEntriesAndTooManyBytesAreRefused() {
        Map<String, byte[]> many = new java.util.HashMap<>();
        for (int i = 0; i < 51; i++) {
            many.put("f" + i, new byte[0]);
        }
        Refusal.check(gateway.put(place(), Archives.zip(many)), 422, "archive_too_large", Refusal.ANY);
        Refusal.check(
                gateway.put(place(), Archives.zip(Map.of("big", random(5_000_000)))),
                413,
                "body_too_large",
                Refusal.ANY);
    }

    @Test
    void badNamesAreRefused() {
        Refusal.check(
                gateway.put("/workspaces/w/configurations/.hidden", SMALL),
                400,
                "malformed_configuration_id",
                Refusal.ANY);
        Refusal.check(
                gateway.put("/workspaces/-w/configurations/c", SMALL), 400, "malformed_workspace_id", Refusal.ANY);
        String place = place();
        gateway.put(place, SMALL);
        Refusal.check(gateway.get(place + "/versions/ffff"), 404, "unknown_version", Refusal.ANY);
        Refusal.check(gateway.get(place + "?x=1"), 400, "unknown_parameter", Refusal.ANY);
        Refusal.check(gateway.put(place + "?x=1", SMALL), 400, "unknown_parameter", Refusal.ANY);
    }

    @Test
    void pathIsTakenBelowTheOperatorsRootsOnly() throws Exception {
        Path open = Files.createDirectories(roots.resolve("open"));
        Path inside = Files.write(open.resolve("a.zip"), SMALL);
        Path outside = Files.write(roots.resolve("b.zip"), SMALL);
        Path link = Files.createSymbolicLink(open.resolve("link.zip"), outside);
        String place = place();
        Answer taken = gateway.send("PUT", place, path(inside.toString()), "Content-Type", "application/json");
        assertThat(taken.status()).as(taken.body()).isEqualTo(201);
        for (String path : List.of(
                outside.toString(),
                link.toString(),
                open + "/../b.zip",
                open.toString(),
                open.resolve("missing.zip").toString(),
                "/etc/passwd")) {
            Refusal.check(
                    gateway.send("PUT", place(), path(path), "Content-Type", "application/json"),
                    403,
                    "path_not_allowed",
                    "path");
        }
    }

    private static String path(String path) {
        return "{\"path\":\"" + path + "\"}";
    }

    @Test
    void runKeepsToTheVersionThatWasCurrentWhenItWasAskedFor() throws Exception {
        String place = place();
        String id = place.substring(place.lastIndexOf('/') + 1);
        String digest = gateway.put(place, SMALL).text("digest");
        Files.writeString(TestGateway.recipes().resolve("py.yaml"), """
                python_env:
                  engine: engine
                  engine_package: engine
                """);
        try (ScriptedCoordinator _ =
                new ScriptedCoordinator(TestKafka.shared().bootstrapServers(), TestGateway.PARTITIONS)) {
            Answer created = other.post("/v1/runs", plan("py", id));
            assertThat(created.status()).as(created.body()).isEqualTo(201);
            assertThat(created.json().get("plan").toString()).contains(digest);
            Refusal.check(
                    other.post("/v1/runs", plan("py", "unheard-of")),
                    422,
                    "unknown_configuration",
                    "plan[0].configuration");
            Refusal.check(
                    other.post("/v1/runs", plan("hello", id)),
                    422,
                    "definition_of_another_recipe",
                    "plan[0].definition");
        } finally {
            Files.delete(TestGateway.recipes().resolve("py.yaml"));
        }
    }

    private static String plan(String definition, String configuration) {
        return """
                {"workspace":"w","plan":[{"step":"build","recipe":"python-env","definition":"%s","configuration":"%s"}]}""".formatted(definition, configuration);
    }
}
