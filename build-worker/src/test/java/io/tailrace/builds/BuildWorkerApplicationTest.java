package io.tailrace.builds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tailrace.builds.testing.Packed;
import io.tailrace.events.definition.ArtifactRef;
import io.tailrace.events.id.Attempt;
import io.tailrace.events.id.StageId;
import io.tailrace.events.kafka.KafkaRecords;
import io.tailrace.events.log.Topic;
import io.tailrace.events.plan.BuildStep;
import io.tailrace.events.plan.EnvironmentStep;
import io.tailrace.events.plan.Phase;
import io.tailrace.events.run.Outcome;
import io.tailrace.events.stage.BuildFact;
import io.tailrace.events.stage.BuildFact.BuildCompleted;
import io.tailrace.events.stage.BuildFact.BuildCreated;
import io.tailrace.events.stage.BuildFact.BuildPhaseCompleted;
import io.tailrace.events.stage.BuildFact.BuildReason;
import io.tailrace.events.stage.BuildFact.ConsoleLines;
import io.tailrace.events.stage.BuildFact.PhaseStatus;
import io.tailrace.events.stage.StageFact.AttemptReleased;
import io.tailrace.sandbox.testing.Confined;
import io.tailrace.worker.testing.TestLog;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** The whole service on a real broker, with a stand-in for the coordinator. */
@Timeout(180)
class BuildWorkerApplicationTest {

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Path DEMO = Path.of("..", "demo").toAbsolutePath().normalize();

    @TempDir
    private Path data;

    private final StageId stage = TestLog.anyStage();
    private TestLog log;
    private ConfigurableApplicationContext service;

    @BeforeEach
    void open() throws Exception {
        log = new TestLog();
        Path recipes = Files.createDirectory(data.resolve("recipes"));
        Files.writeString(
                recipes.resolve("demo.yaml"),
                "python_env: {engine: " + DEMO.resolve("engine")
                        + ", engine_package: tailrace_demo_engine, python: /usr/bin/python3}");
        service = SpringApplication.run(
                BuildWorkerApplication.class,
                "--spring.kafka.bootstrap-servers=" + log.servers(),
                "--tailrace.kafka.partitions=" + TestLog.TOPICS.partitions(),
                "--tailrace.kafka.request-partitions=" + TestLog.TOPICS.requestPartitions(),
                "--tailrace.worker.data-dir=" + data.resolve("worker"),
                "--tailrace.worker.recipes-dir=" + recipes,
                "--tailrace.worker.adhoc-phases=true",
                "--tailrace.worker.id=tested",
                "--logging.level.root=error");
        await().atMost(SOON).until(() -> get("/actuator/health/readiness").statusCode() == 200);
    }

    @AfterEach
    void close() {
        service.close();
        log.close();
    }

    @Test
    void aBuildRunsToItsEndAndIsCounted() throws Exception {
        request("echo hello; echo '\u00e4\u20ac'");

        await().atMost(SOON).until(() -> !all(BuildCompleted.class).isEmpty());
        assertThat(all(BuildCompleted.class).getFirst().status()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(all(ConsoleLines.class).stream()
                        .flatMap(window -> window.lines().stream())
                        .map(BuildFact.ConsoleLine::text))
                .containsExactly("hello", "\u00e4\u20ac");
        assertThat(get("/actuator/health/liveness").statusCode()).isEqualTo(200);
        assertThat(get("/actuator/prometheus").body())
                .contains("tailrace_build_console_lines_total 2.0", "tailrace_worker_slots_free");
    }

    @Test
    void aCancelEndsTheProcessesAndTheBuild() throws Exception {
        request("echo $$; (setsid sleep 300 &); sleep 300");
        await().atMost(SOON).until(() -> !all(ConsoleLines.class).isEmpty());
        long pid = Confined.hostPid(Long.parseLong(
                all(ConsoleLines.class).getFirst().lines().getFirst().text()));

        log.sayCancelRequested(stage);

        await().atMost(SOON).until(() -> !all(BuildCompleted.class).isEmpty());
        assertThat(all(BuildPhaseCompleted.class).getFirst().status()).isEqualTo(PhaseStatus.CANCELED);
        assertThat(all(BuildCompleted.class).getFirst().status()).isEqualTo(Outcome.CANCELED);
        assertThat(ProcessHandle.of(pid)).isEmpty();
    }

    @Test
    void anOrderlyShutdownEndsTheProcessesAndGivesTheBuildBack() throws Exception {
        request("echo $$; sleep 300");
        await().atMost(SOON).until(() -> !all(ConsoleLines.class).isEmpty());
        long pid = Confined.hostPid(Long.parseLong(
                all(ConsoleLines.class).getFirst().lines().getFirst().text()));

        service.close();

        assertThat(all(AttemptReleased.class)).hasSize(1);
        assertThat(log.facts(stage).getLast()).isInstanceOf(AttemptReleased.class);
        assertThat(ProcessHandle.of(pid)).isEmpty();
        assertThat(data.resolve("worker/workers")).isEmptyDirectory();
    }

    @Test
    void anEnvironmentIsBuiltFromAnArchiveInTheLogAndThenUsedAgain() throws Exception {
        ArtifactRef archive = upload(Packed.zip(DEMO.resolve("configuration"), "configuration"));
        BuildStep step = BuildStep.ofEnvironment("demo", new EnvironmentStep("words", Optional.of(archive), false));
        log.request(log.request(stage, Attempt.FIRST, step));
        await().atMost(Duration.ofSeconds(60))
                .until(() -> !all(BuildCompleted.class).isEmpty());
        assertThat(all(BuildCompleted.class).getFirst().failure()).isEmpty();
        assertThat(all(BuildCreated.class).getFirst().reason()).isEqualTo(BuildReason.DIRTY_OR_MISSING);
        StageId second = TestLog.anyStage();

        log.request(log.request(second, Attempt.FIRST, step));

        await().atMost(SOON).until(() -> log.facts(second).stream().anyMatch(BuildCompleted.class::isInstance));
        assertThat(log.facts(second))
                .filteredOn(BuildCreated.class::isInstance)
                .singleElement()
                .satisfies(fact -> assertThat(((BuildCreated) fact).reason()).isEqualTo(BuildReason.REUSE_OK));
        assertThat(get("/actuator/prometheus").body())
                .contains("tailrace_environment_builds_total{result=\"reused\"} 1.0", "tailrace_worker_isolated{");
        assertThat(get("/actuator/health/readiness").body()).contains("\"isolation\"");
    }

    /** As the gateway does it: with chunks of another archive between. */
    private ArtifactRef upload(Packed packed) throws Exception {
        int partitions = TestLog.TOPICS.partitions();
        String digest = packed.ref().digest();
        long first = -1;
        int chunks = 0;
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", log.servers()), new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int from = 0; from < packed.bytes().length; from += 1_000) {
                byte[] chunk = Arrays.copyOfRange(packed.bytes(), from, Math.min(packed.bytes().length, from + 1_000));
                long offset = producer.send(KafkaRecords.chunk(digest, chunks, chunk, partitions))
                        .get()
                        .offset();
                first = first < 0 ? offset : first;
                chunks++;
                producer.send(new ProducerRecord<>(
                                Topic.ARTIFACTS.topicName(),
                                KafkaRecords.partitionOf(digest, partitions),
                                KafkaRecords.chunkKey("f".repeat(64), chunks),
                                new byte[10]))
                        .get();
            }
        }
        return new ArtifactRef(
                digest,
                packed.format(),
                packed.bytes().length,
                chunks,
                KafkaRecords.partitionOf(digest, partitions),
                first);
    }

    private void request(String script) {
        Phase phase = new Phase("phase", "Phase", List.of("sh", "-c", script), Duration.ofSeconds(60), Map.of(), false);
        log.request(
                log.request(stage, Attempt.FIRST, new BuildStep(BuildStep.COMMANDS, Optional.empty(), List.of(phase))));
    }

    private <T extends BuildFact> List<T> all(Class<T> type) {
        return log.facts(stage).stream()
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    private HttpResponse<String> get(String path) throws Exception {
        String port = service.getEnvironment().getRequiredProperty("local.server.port");
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                            .build(),
                    BodyHandlers.ofString());
        }
    }
}
