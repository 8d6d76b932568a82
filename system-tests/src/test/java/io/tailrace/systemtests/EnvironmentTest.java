package io.tailrace.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tailrace.local.stack.TailraceHome;
import io.tailrace.systemtests.EventStream.Frame;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** The environment-build API as its clients use it, over real processes: the demo's engine and configuration. */
@Timeout(240)
class EnvironmentTest {
    private static final Duration SOON = Duration.ofSeconds(90);
    private static final List<String> PHASES = List.of(
            "create_venv", "upgrade_pip", "install_engine", "install_config", "verify_imports", "collect_metadata");
    private static int places;

    private final Gateway gateway = SharedStack.gateway(1);

    @BeforeEach
    void everythingRuns() throws Exception {
        SharedStack.heal();
    }

    /** The demo's configuration, by name in the archive. */
    private static Map<String, byte[]> configuration() {
        Path folder = TailraceHome.locate().resolve("demo/configuration");
        Map<String, byte[]> files = new HashMap<>();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                files.put(folder.relativize(file).toString(), Files.readAllBytes(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return files;
    }

    private static byte[] zip(Map<String, byte[]> files) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                zip.putNextEntry(new ZipEntry(file.getKey()));
                zip.write(file.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /** A new configuration with these files. Returns its path. */
    private String upload(Map<String, byte[]> files) {
        String place = "/workspaces/system-tests/configurations/c" + System.nanoTime() + "-" + places++;
        assertThat(gateway.put(place, zip(files)).statusCode()).isEqualTo(201);
        return place;
    }

    private EventStream build(String place, String body) {
        EventStream stream = EventStream.post(gateway, place + "/builds", body, "");
        assertThat(stream.statusCode()).isEqualTo(200);
        return stream;
    }

    private static List<JsonNode> ofType(EventStream stream, String type) {
        return stream.events().stream()
                .filter(it -> it.get("type").asString().equals(type))
                .toList();
    }

    private static JsonNode only(EventStream stream, String type) {
        List<JsonNode> found = ofType(stream, type);
        assertThat(found).as(stream.events().toString()).hasSize(1);
        return found.getFirst();
    }

    @Test
    void environmentIsBuiltPhaseByPhaseThenReusedAndBuiltAgainWhenForced() {
        String place = upload(configuration());
        try (EventStream stream = build(place, "{\"stream\":true}")) {
            stream.awaitEnd(SOON);
            JsonNode created = only(stream, "build.created");
            assertThat(created.get("reason").asString()).isEqualTo("dirty_or_missing");
            assertThat(created.get("should_build").asBoolean()).isTrue();
            assertThat(created.get("engine_spec").asString()).isNotBlank();
            assertThat(created.get("python_bin").asString()).contains("python");
            assertThat(only(stream, "build.started").get("status").asString()).isEqualTo("building");
            assertThat(ofType(stream, "build.phase.started").stream()
                            .map(it -> it.get("phase").asString()))
                    .containsExactlyElementsOf(PHASES);
            assertThat(ofType(stream, "build.phase.completed").stream()
                            .map(it -> it.get("phase").asString() + " "
                                    + it.get("status").asString()))
                    .containsExactly(
                            "create_venv succeeded",
                            "upgrade_pip skipped",
                            "install_engine succeeded",
                            "install_config succeeded",
                            "verify_imports succeeded",
                            "collect_metadata succeeded");
            JsonNode completed = only(stream, "build.completed");
            assertThat(completed.get("status").asString()).isEqualTo("active");
            assertThat(completed.get("env"))
                    .isEqualTo(Gateway.JSON.readTree(
                            "{\"reason\":\"dirty_or_missing\",\"should_build\":true,\"force\":false}"));
            assertThat(ofType(stream, "console.line")).isNotEmpty();
            stream.events()
                    .forEach(it -> assertThat(it.get("build_id").asString())
                            .isEqualTo(it.get("run_id").asString() + ".1"));
            awaitStatus(stream.location().replace("/stream", ""), "active");
        }
        try (EventStream again = build(place, "{\"stream\":true}")) {
            again.awaitEnd(SOON);
            assertThat(again.events().stream().map(it -> it.get("type").asString()))
                    .containsExactly("build.created", "build.completed");
            JsonNode created = only(again, "build.created");
            assertThat(created.get("reason").asString()).isEqualTo("reuse_ok");
            assertThat(created.get("should_build").asBoolean()).isFalse();
            JsonNode completed = only(again, "build.completed");
            assertThat(completed.get("status").asString()).isEqualTo("active");
            assertThat(completed.get("env"))
                    .isEqualTo(
                            Gateway.JSON.readTree("{\"reason\":\"reuse_ok\",\"should_build\":false,\"force\":false}"));
        }
        try (EventStream forced = build(place, "{\"stream\":true,\"force\":true}")) {
            forced.awaitEnd(SOON);
            assertThat(only(forced, "build.created").get("reason").asString()).isEqualTo("force_rebuild");
            assertThat(only(forced, "build.completed").at("/env/force").asBoolean())
                    .isTrue();
            assertThat(ofType(forced, "build.phase.completed")).hasSize(6);
        }
    }

    @Test
    void clientThatWasCutOffAttachesByItsLastEventIdAndGetsExactlyTheRest() {
        String place = upload(configuration());
        String last;
        List<JsonNode> seen;
        try (EventStream stream = build(place, "{\"stream\":true}")) {
            stream.await(it -> it.data().contains("build.phase.completed"), SOON);
            List<Frame> numbered = stream.numbered();
            last = numbered.getLast().lastEventId();
            seen = numbered.stream().map(Frame::json).toList();
        }
        try (EventStream rest =
                EventStream.post(SharedStack.gateway(2), place + "/builds", "{\"stream\":true}", last)) {
            rest.awaitEnd(SOON);
            try (EventStream whole = EventStream.open(gateway, rest.location(), "")) {
                whole.awaitEnd(SOON);
                List<JsonNode> both = new java.util.ArrayList<>(seen);
                both.addAll(rest.events());
                assertThat(both).isEqualTo(whole.events());
            }
        }
    }

    @Test
    void runThatGoesOnAfterItsBuildSaysSoAndHasTheSameEventsWithoutStreaming() {
        String place = upload(configuration());
        String plan =
                "[{\"step\":\"build\",\"recipe\":\"commands\",\"phases\":[{\"name\":\"next\",\"argv\":[\"echo\",\"goes on\"]}]}]";
        JsonNode created = Gateway.JSON.readTree(
                gateway.post(place + "/runs", "{\"plan\":" + plan + "}").body());
        assertThat(created.get("status").asString()).isEqualTo("queued");
        try (EventStream stream =
                EventStream.open(gateway, created.get("stream_url").asString(), "")) {
            stream.awaitEnd(SOON);
            List<JsonNode> ofTheRun = ofType(stream, "console.line").stream()
                    .filter(it -> it.get("scope").asString().equals("run"))
                    .toList();
            assertThat(ofTheRun.stream().map(it -> it.get("message").asString()))
                    .containsExactly("Configuration build completed; starting ADE run.", "goes on");
            assertThat(only(stream, "build.created").get("reason").asString()).isEqualTo("dirty_or_missing");
            assertThat(only(stream, "build.completed").get("status").asString()).isEqualTo("active");
        }
        String run = created.get("run_id").asString();
        gateway.awaitStatus(run, "succeeded", SOON);
        List<Long> sequences = gateway.events(run).stream()
                .map(it -> it.get("sequence").asLong())
                .toList();
        assertThat(sequences)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, sequences.size()).boxed().toList());
    }

    private JsonNode awaitStatus(String build, String status) {
        Awaitility.await("status of " + build)
                .atMost(SOON)
                .pollInterval(Duration.ofMillis(100))
                .untilAsserted(() ->
                        assertThat(resource(build).get("status").asString()).isEqualTo(status));
        return resource(build);
    }

    private JsonNode resource(String build) {
        return Gateway.JSON.readTree(gateway.get(build).body());
    }

    @Test
    void buildInTheBackgroundIsDescribedByItsResourceToItsEndAndStreamedAfterwards() {
        String place = upload(configuration());
        JsonNode created = Gateway.JSON.readTree(
                gateway.post(place + "/builds", "{\"stream\":false}").body());
        assertThat(created.get("completed_at").isNull()).isTrue();

        JsonNode active = awaitStatus(place + "/builds/" + created.get("id").asString(), "active");

        assertThat(Instant.parse(active.get("created_at").asString()))
                .isBeforeOrEqualTo(Instant.parse(active.get("started_at").asString()));
        assertThat(Instant.parse(active.get("started_at").asString()))
                .isBefore(Instant.parse(active.get("completed_at").asString()));
        assertThat(active.get("error").isNull()).isTrue();
        try (EventStream stream =
                EventStream.open(gateway, active.get("stream_url").asString(), "")) {
            stream.awaitEnd(SOON);
            assertThat(ofType(stream, "build.phase.completed")).hasSize(PHASES.size());
            assertThat(only(stream, "build.completed").get("status").asString()).isEqualTo("active");
        }
    }

    @Test
    void canceledBuildSaysSoInItsFramesAndInItsResource() {
        String place = upload(withSetUp("import time", "time.sleep(300)"));
        try (EventStream stream = build(place, "{\"stream\":true}")) {
            stream.await(
                    it -> it.data().contains("build.phase.started") && it.data().contains("install_config"), SOON);
            String build = stream.location().replace("/stream", "");
            awaitStatus(build, "building");

            gateway.cancel(resource(build).get("run_id").asString());

            stream.awaitEnd(SOON);
            JsonNode completed = only(stream, "build.completed");
            assertThat(completed.get("status").asString()).isEqualTo("canceled");
            assertThat(completed.at("/env/reason").asString()).isEqualTo("dirty_or_missing");
            assertThat(ofType(stream, "build.phase.completed").stream()
                            .map(it -> it.get("phase").asString() + " "
                                    + it.get("status").asString()))
                    .containsExactly(
                            "create_venv succeeded",
                            "upgrade_pip skipped",
                            "install_engine succeeded",
                            "install_config canceled");
            assertThat(awaitStatus(build, "canceled").get("completed_at").isNull())
                    .isFalse();
        }
    }

    private JsonNode failed(Map<String, byte[]> files) {
        try (EventStream stream = build(upload(files), "{\"stream\":true}")) {
            stream.awaitEnd(SOON);
            JsonNode completed = only(stream, "build.completed");
            assertThat(completed.get("status").asString()).isEqualTo("failed");
            assertThat(ofType(stream, "build.phase.completed")).hasSameSizeAs(ofType(stream, "build.phase.started"));
            return completed;
        }
    }

    @Test
    void configurationWithoutAProjectFileFailsAndSaysWhatIsMissing() {
        JsonNode completed = failed(Map.of("README", "nothing here".getBytes(StandardCharsets.UTF_8)));
        assertThat(completed.get("error").asString()).contains("pyproject.toml");
    }

    /** The demo's configuration, whose set-up code does this instead of its work. */
    private static Map<String, byte[]> withSetUp(String... lines) {
        Map<String, byte[]> files = configuration();
        String code = new String(files.get("backend/plain_wheel.py"), StandardCharsets.UTF_8)
                + "\n\ndef build_wheel(folder, settings=None, metadata=None):\n    "
                + String.join("\n    ", lines) + "\n";
        files.put("backend/plain_wheel.py", code.getBytes(StandardCharsets.UTF_8));
        return files;
    }

    private static List<String> messages(EventStream stream) {
        return ofType(stream, "console.line").stream()
                .map(it -> it.get("message").asString().strip())
                .toList();
    }

    @Test
    void setUpThatPrintsAHundredThousandLinesAndFailsIsShownWhole() {
        String place = upload(
                withSetUp("for i in range(100000):", "    print('line', i)", "raise SystemExit('stopped on purpose')"));
        try (EventStream stream = build(place, "{\"stream\":true}")) {
            stream.awaitEnd(SOON);
            JsonNode completed = only(stream, "build.completed");
            assertThat(completed.get("status").asString()).isEqualTo("failed");
            assertThat(completed.get("error").asString()).contains("The configuration could not be installed");
            // A line that pip has written half at some moment comes in two pieces.
            String expected = IntStream.range(0, 100_000)
                    .mapToObj(it -> "      line " + it)
                    .collect(Collectors.joining());
            String all = ofType(stream, "console.line").stream()
                    .map(it -> it.get("message").asString())
                    .collect(Collectors.joining());
            assertThat(all.contains(expected)).as("every line, in order").isTrue();
        }
    }

    @Test
    void setUpThatReadsTheWorkersEnvironmentFindsNothing() throws Exception {
        assumeTrue(
                Files.isExecutable(Path.of("/usr/bin/bwrap"))
                        && new ProcessBuilder("bwrap", "--unshare-user", "--ro-bind", "/", "/", "true")
                                        .start()
                                        .waitFor()
                                == 0,
                "THE TEST OF ISOLATED SET-UP CODE DID NOT RUN: bubblewrap does not work here");
        String place = upload(withSetUp(
                "import glob",
                "found = 0",
                "looked = 0",
                "for file in glob.glob('/proc/[0-9]*/environ'):",
                "    try:",
                "        text = open(file, 'rb').read()",
                "    except OSError:",
                "        continue",
                "    looked += 1",
                "    found += b'SPRING_KAFKA_BOOTSTRAP_SERVERS' in text",
                "print('looked at', looked > 0, 'found', found)",
                "raise SystemExit('stopped on purpose')"));
        try (EventStream stream = build(place, "{\"stream\":true}")) {
            stream.awaitEnd(SOON);
            assertThat(messages(stream)).contains("looked at True found 0");
        }
    }

    @Test
    void configurationThatCannotBeImportedFailsAndSaysSo() {
        Map<String, byte[]> files = configuration();
        files.put(
                "src/tailrace_demo_configuration/__init__.py",
                "import no_such_module\n".getBytes(StandardCharsets.UTF_8));
        JsonNode completed = failed(files);
        assertThat(completed.get("error").asString()).contains("import");
    }

    @Test
    void twoBuildsOfTheSameConfigurationAtTheSameTimeMakeOneEnvironment() {
        String place = upload(configuration());
        try (EventStream first = build(place, "{\"stream\":true}");
                EventStream second = build(place, "{\"stream\":true}")) {
            first.awaitEnd(SOON);
            second.awaitEnd(SOON);
            assertThat(only(first, "build.completed").get("status").asString()).isEqualTo("active");
            assertThat(only(second, "build.completed").get("status").asString()).isEqualTo("active");
            assertThat(List.of(
                            only(first, "build.created").get("reason").asString(),
                            only(second, "build.created").get("reason").asString()))
                    .as("one is built, the other waits and uses it")
                    .containsExactlyInAnyOrder("dirty_or_missing", "reuse_ok");
        }
    }
}
