package io.tailrace.gateway.decision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tailrace.events.id.RunId;
import io.tailrace.events.kafka.KafkaRecords;
import io.tailrace.events.log.Topic;
import io.tailrace.gateway.kafka.LogConnection;
import io.tailrace.gateway.testing.Answer;
import io.tailrace.gateway.testing.DecidedLog;
import io.tailrace.gateway.testing.Refusal;
import io.tailrace.gateway.testing.TestGateway;
import io.tailrace.local.testing.TestKafka;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Nobody decides but this test, which commits by hand in the name of a coordinator. */
class UndecidedRunsTest {
    private static final String GROUP = "undecided-" + UUID.randomUUID();
    private static final List<Topic> ALL = List.of(Topic.RUN_COMMANDS, Topic.RUN_EVENTS);
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final int QUESTIONS = 2_000;
    private static final String PLAN = """
            {"workspace":"demo","plan":[{"step":"build","recipe":"commands","definition":"hello"}]}""";

    private static TestGateway gateway;
    private static Admin admin;

    @BeforeAll
    static void start() {
        admin = Admin.create(Map.of("bootstrap.servers", TestKafka.shared().bootstrapServers()));
        gateway = TestGateway.start(
                "tailrace.gateway.decisions.coordinator-group=" + GROUP,
                "tailrace.gateway.decisions.stalled-after=500ms",
                "tailrace.gateway.catalogue.catch-up-within=30s",
                "tailrace.gateway.commands.decide-within=300ms");
    }

    @AfterAll
    static void stop() {
        gateway.close();
        admin.close(Duration.ofSeconds(1));
    }

    @BeforeEach
    void allIsDecided() {
        DecidedLog.upToNow(admin, GROUP, ALL);
    }

    private static String create() {
        Answer accepted = gateway.post("/v1/runs", PLAN);
        assertThat(accepted.status()).as(accepted.body()).isEqualTo(202);
        return accepted.text("run_id");
    }

    private static RunId unknownIn(int partition) {
        return Stream.generate(() -> RunId.of(UUID.randomUUID()))
                .filter(it -> KafkaRecords.partitionOf(it, TestGateway.PARTITIONS) == partition)
                .findFirst()
                .orElseThrow();
    }

    private static int partitionOf(String run) {
        return KafkaRecords.partitionOf(new RunId(run), TestGateway.PARTITIONS);
    }

    static Stream<List<String>> routes() {
        return Stream.of(
                List.of("GET", "", ""),
                List.of("GET", "/events", ""),
                List.of("GET", "/messages", ""),
                List.of("GET", "/checkpoint", ""),
                List.of("GET", "/turns/t-0123456789", ""),
                List.of("POST", "/turns", "{\"text\":\"Hello\"}"),
                List.of("POST", "/turns/t-0123456789/cancel", ""),
                List.of("POST", "/turns/t-0123456789/retry", ""),
                List.of("POST", "/cancel", ""),
                List.of("POST", "/retry", ""),
                List.of("POST", "/close", ""));
    }

    private static Answer ask(List<String> route, String run) {
        String[] type = route.getLast().isEmpty() ? new String[0] : new String[] {"Content-Type", "application/json"};
        return gateway.send(route.getFirst(), "/v1/runs/" + run + route.get(1), route.getLast(), type);
    }

    @ParameterizedTest
    @MethodSource("routes")
    void whoWasTold202IsNeverTold404WhileTheCreationWaits(List<String> route) {
        String run = create();

        Answer undecided = ask(route, run);

        Refusal.check(undecided, 503, "decision_pending", "");
        assertThat(undecided.header("retry-after")).isPresent();

        // Decided, and no view of it in the log: it was refused.
        DecidedLog.upToNow(admin, GROUP, ALL);
        Refusal.check(ask(route, run), 404, "unknown_run", "");
    }

    @Test
    void anEnvironmentBuildIsNotUnknownEither() {
        String build = "/workspaces/demo/configurations/any/builds/" + create() + ".1";

        Refusal.check(gateway.get(build), 503, "decision_pending", "");

        DecidedLog.upToNow(admin, GROUP, ALL);
        assertThat(gateway.get(build).status()).isEqualTo(404);
    }

    @Test
    void otherPartitionsAreNotHeldUp() {
        int partition = partitionOf(create());

        Refusal.check(gateway.get("/v1/runs/" + unknownIn((partition + 1) % 12)), 404, "unknown_run", "");
        Refusal.check(gateway.get("/v1/runs/" + unknownIn(partition)), 503, "decision_pending", "");
    }

    @Test
    void aKeyIsUsedAgainWhileItsRunIsUndecided() {
        String[] key = {"Idempotency-Key", UUID.randomUUID().toString()};
        String run = gateway.post("/v1/runs", PLAN, key).text("run_id");

        Answer again = gateway.post("/v1/runs", PLAN, key);

        assertThat(again.status()).isEqualTo(202);
        assertThat(again.text("run_id")).isEqualTo(run);
    }

    @Test
    void aFactThatNoViewShowsYetKeepsTheAnswerOpenAndAMarkerDoesNot() throws Exception {
        RunId run = unknownIn(3);
        TopicPartition facts = new TopicPartition(Topic.RUN_EVENTS.topicName(), 3);
        long fact;
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        TestKafka.shared().bootstrapServers(),
                        ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                        GROUP),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            fact = producer.send(new ProducerRecord<>(facts.topic(), 3, KafkaRecords.key(run), new byte[] {1}))
                    .get()
                    .offset();
            producer.commitTransaction();
        }

        Refusal.check(gateway.get("/v1/runs/" + run), 503, "decision_pending", "");

        // The marker behind it has an offset too, past which nobody ever commits.
        admin.alterConsumerGroupOffsets(GROUP, Map.of(facts, new OffsetAndMetadata(fact + 1)))
                .all()
                .get();
        Refusal.check(gateway.get("/v1/runs/" + run), 404, "unknown_run", "");
    }

    @Test
    void aCoordinatorThatNeverStartedIsNoReasonToSay404() {
        create();
        try (TestGateway first = TestGateway.startOn(
                TestKafka.shared().bootstrapServers(),
                "tailrace.gateway.decisions.coordinator-group=never-" + UUID.randomUUID())) {
            first.awaitReady();
            String run = first.post("/v1/runs", PLAN).text("run_id");
            assertThat(first.get("/v1/runs/" + run).text("code")).isEqualTo("decision_pending");
        }
    }

    @Test
    void thousandsOfQuestionsAreAnsweredTogether() throws Exception {
        int partition = partitionOf(create());
        RunId free = unknownIn((partition + 1) % 12);
        double before = asked();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Answer>> answers = Stream.generate(() -> free)
                    .limit(QUESTIONS)
                    .map(it -> threads.submit(() -> gateway.get("/v1/runs/" + it)))
                    .toList();
            for (Future<Answer> answer : answers) {
                Refusal.check(answer.get(), 404, "unknown_run", "");
            }
        }
        // A question of its own costs a dozen requests; how many a shared one costs depends on the machine.
        assertThat(asked() - before).isLessThan(2 * QUESTIONS);
    }

    /** How many requests the gateway's client for questions has sent to the brokers. */
    private static double asked() {
        Admin questions = gateway.context().getBean(LogConnection.class).admin().orElseThrow();
        return questions.metrics().values().stream()
                .filter(it -> it.metricName().name().equals("request-total")
                        && it.metricName().group().equals("admin-client-metrics"))
                .mapToDouble(it -> (Double) it.metricValue())
                .sum();
    }

    @Test
    void everybodyIsToldWhyNothingIsDecided() {
        await().atMost(SOON)
                .until(() -> gateway.get("/v1/status").text("status").equals("ok"));
        String run = create();

        await().atMost(SOON).untilAsserted(() -> {
            Answer status = gateway.get("/v1/status");
            assertThat(status.text("status")).isEqualTo("impaired");
            assertThat(status.json().get("undecided_commands").asLong()).isEqualTo(1);
            assertThat(status.json().get("oldest_undecided_ms").asLong()).isNotNegative();
            assertThat(status.body()).contains("Nobody decides at the moment: 1 command waits");
        });
        // Said, and still ready: it serves what there is.
        Answer ready = gateway.get("/health/ready");
        assertThat(ready.status()).isEqualTo(200);
        assertThat(ready.json().get("checks").get("coordinator").asString()).startsWith("Nobody decides");
        assertThat(gateway.get("/v1/runs/" + run).text("detail"))
                .contains("Nobody decides at the moment: what was asked for is recorded and waits.");
        assertThat(gateway.get("/actuator/prometheus").body())
                .containsPattern("(?m)^tailrace_commands_undecided 1.0")
                .containsPattern("(?m)^tailrace_commands_undecided_age_seconds ");

        Answer cursor = gateway.post(
                "/v1/runs", PLAN, "Idempotency-Key", UUID.randomUUID().toString());
        assertThat(cursor.json().get("waiting_for").get("reason").asString())
                .isIn("no_coordinator", "coordinator_behind");

        DecidedLog.upToNow(admin, GROUP, ALL);
        await().atMost(SOON)
                .until(() -> gateway.get("/v1/status").text("status").equals("ok"));
    }
}
