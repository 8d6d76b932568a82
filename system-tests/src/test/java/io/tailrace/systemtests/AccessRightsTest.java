package io.tailrace.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.local.security.AccessRights;
import io.tailrace.local.stack.LocalStack;
import io.tailrace.local.stack.StackMember;
import io.tailrace.local.stack.StackOptions;
import io.tailrace.local.stack.TailraceHome;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * The rights that docs/operations.md grants are enough, and keep workers out of what is not theirs: a stack with
 * {@code --secure}, where each service logs in over TLS as itself. Builds get at no password. Then Kafka refuses services
 * that it took before: they say so, go on by themselves when that is mended, and lose nothing.
 */
@Timeout(180)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AccessRightsTest {
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    static Path data;

    private static LocalStack stack;

    @BeforeAll
    static void start() throws Exception {
        stack = LocalStack.start(StackOptions.forTests(data)
                .secure(true)
                .buildWorkers(1)
                .turnWorkers(1)
                .partitions(1)
                // Whether it may read all that it checks its state against shows when it does.
                .environment("coordinator", "TAILRACE_COORDINATOR_SWEEP_INTERVAL", "2s")
                .build());
    }

    @AfterAll
    static void stop() throws IOException {
        stack.close();
    }

    @Test
    @Order(1)
    void everyServiceCanDoItsWorkWithTheDocumentedRightsAndNoMore() throws Exception {
        grantsWhatIsDocumentedAndNothingElse(stack);
        Gateway gateway = new Gateway(stack.gateway(1));
        buildsAndChats(gateway);
        keepsKnowledge(gateway);
        if (isIsolated(stack)) {
            aBuildGetsAtNoPassword(gateway, data);
        }
        for (StackMember service : stack.members()) {
            if (!service.name().startsWith("broker")) {
                assertThat(Files.readString(service.log())).as(service.name()).doesNotContainIgnoringCase("authoriz");
            }
        }
        for (String topic : List.of(
                "run-commands",
                "run-events",
                "build-events",
                "turn-requests",
                "runs",
                "artifacts",
                "repositories",
                "subscriptions",
                "checkpoints",
                "cursor-keys")) {
            cannotWrite(stack, "turn-worker", "tailrace." + topic);
        }
        for (String topic : List.of(
                "run-commands",
                "run-events",
                "turn-events",
                "build-requests",
                "runs",
                "artifacts",
                "repositories",
                "subscriptions",
                "checkpoints",
                "cursor-keys")) {
            cannotWrite(stack, "build-worker", "tailrace." + topic);
        }
        for (String service : List.of("coordinator", "turn-worker", "build-worker")) {
            cannotReadTheKeysOfCursors(stack, service);
        }
    }

    @Test
    @Order(2)
    void servicesSayThatARightWasTakenAwayAndGoOnWhenItIsBack() throws Exception {
        new AccessFaults(stack, data).rights();
    }

    @Test
    @Order(3)
    void servicesOutliveBadCertificatesAndAWrongPasswordAndLoseNothing() throws Exception {
        new AccessFaults(stack, data).certificateAndPassword();
    }

    private static void grantsWhatIsDocumentedAndNothingElse(LocalStack stack) throws Exception {
        Set<AclBinding> documented = AccessRights.parse(
                        Files.readAllLines(TailraceHome.locate().resolve("docs/operations.md")))
                .bindings();
        assertThat(documented.stream().map(it -> it.entry().principal()).distinct())
                .containsExactlyInAnyOrder("User:gateway", "User:coordinator", "User:build-worker", "User:turn-worker");
        try (Admin admin = Admin.create(stack.kafkaClient("admin"))) {
            assertThat(new HashSet<>(
                            admin.describeAcls(AclBindingFilter.ANY).values().get(30, TimeUnit.SECONDS)))
                    .isEqualTo(documented);
        }
    }

    private static void buildsAndChats(Gateway gateway) throws Exception {
        String build = gateway.create(Plans.build(Plans.sh("a", "seq 20")));
        Chat chat = Chat.create(gateway, "enqueue");
        chat.submit("one", Map.of("text", "first"));
        chat.submit("two", Map.of("text", "second"));
        String canceled = chat.submit("three", Chat.words(1000, 50));
        try (EventStream stream = chat.stream()) {
            stream.await(it -> it.event().equals("model.delta") && it.data().contains("w1 "), SOON);
            assertThat(chat.cancel(canceled).statusCode()).isEqualTo(202);
            stream.await("turn.failed", SOON);
        }
        gateway.awaitStatus(chat.run, "idle", SOON);
        assertThat(IntStream.range(0, 3)
                        .mapToObj(it ->
                                chat.messages().at("/turns/" + it + "/status").asString()))
                .containsExactly("succeeded", "succeeded", "canceled");
        gateway.awaitStatus(build, "succeeded", SOON);
        Path archive = Path.of("..", "docs", "api.md");
        assertThat(gateway.put("/workspaces/rights/configurations/c", zip(archive))
                        .statusCode())
                .isEqualTo(201);
    }

    /** In a gateway as it is packed: the reader of PDFs is a process that starts from its jar. */
    private static void keepsKnowledge(Gateway gateway) throws Exception {
        String repository = "/v1/repositories/rights";
        assertThat(gateway.putUntilTaken(repository, "application/json", "{}".getBytes(StandardCharsets.UTF_8))
                        .statusCode())
                .isEqualTo(201);
        HttpResponse<String> refused = gateway.putUntilTaken(
                repository + "/documents/a", "application/pdf", "no PDF".getBytes(StandardCharsets.UTF_8));
        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(422);
        assertThat(refused.body()).contains("document_malformed");
        HttpResponse<String> stored = gateway.putUntilTaken(
                repository + "/documents/api.md", "text/markdown", Files.readAllBytes(Path.of("..", "docs", "api.md")));
        assertThat(stored.statusCode()).as(stored.body()).isEqualTo(201);
        HttpResponse<String> found = gateway.get(repository + "/search?q=where+do+cursors+come+from");
        assertThat(found.statusCode()).as(found.body()).isEqualTo(200);
        assertThat(found.body()).contains("api.md");
    }

    /** Where bubblewrap does not work builds run as the worker, and read what it reads. */
    private static boolean isIsolated(LocalStack stack) throws IOException {
        return !Files.readString(stack.member("build-worker-1").log()).contains("BUILDS ARE NOT ISOLATED");
    }

    private static void aBuildGetsAtNoPassword(Gateway gateway, Path data) throws Exception {
        List<String> passwords = passwords(data);
        String script = "cat " + data + "/security/users/*/* " + data + "/security/*/* " + data
                + "/kafka/broker-1/server.properties 2>/dev/null; ls -A " + data
                + "; cat /proc/*/environ /proc/*/cmdline | tr '\\0' '\\n'; env; echo looked $((6*7)) times";
        String build = gateway.create(Plans.build(Plans.sh("curious", script)));
        try (EventStream stream = gateway.stream(build)) {
            stream.awaitEnd(SOON);
            StringBuilder said = new StringBuilder();
            stream.frames().forEach(it -> said.append(it.data()).append('\n'));
            assertThat(said).contains("looked 42 times");
            passwords.forEach(it -> assertThat(said).doesNotContain(it));
            assertThat(said).doesNotContain("kafka.properties", "SCRAM");
        }
    }

    private static List<String> passwords(Path data) throws IOException {
        List<String> all = new ArrayList<>();
        try (Stream<Path> users = Files.list(data.resolve("security/users"))) {
            for (Path user : users.toList()) {
                all.add(Files.readString(user.resolve("password"), StandardCharsets.UTF_8));
            }
        }
        assertThat(all).hasSize(5);
        return all;
    }

    private static byte[] zip(Path file) throws Exception {
        var bytes = new java.io.ByteArrayOutputStream();
        try (var zip = new java.util.zip.ZipOutputStream(bytes)) {
            zip.putNextEntry(new java.util.zip.ZipEntry("a.txt"));
            zip.write(Files.readAllBytes(file));
        }
        return bytes.toByteArray();
    }

    private static void cannotWrite(LocalStack stack, String service, String topic) throws IOException {
        Map<String, Object> settings = new HashMap<>(stack.kafkaClient(service));
        settings.put("max.block.ms", 10_000);
        settings.put("delivery.timeout.ms", 10_000);
        settings.put("request.timeout.ms", 5_000);
        try (var producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            assertThatThrownBy(() -> producer.send(new ProducerRecord<>(topic, 0, new byte[1], new byte[1]))
                            .get(10, TimeUnit.SECONDS))
                    .as(service + " writes " + topic)
                    .hasRootCauseInstanceOf(TopicAuthorizationException.class);
        }
    }

    private static void cannotReadTheKeysOfCursors(LocalStack stack, String service) throws IOException {
        TopicPartition keys = new TopicPartition("tailrace.cursor-keys", 0);
        Map<String, Object> settings = new HashMap<>(stack.kafkaClient(service));
        settings.put("auto.offset.reset", "earliest");
        try (var consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(List.of(keys));
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 10; i++) {
                            consumer.poll(Duration.ofSeconds(1));
                        }
                    })
                    .as(service)
                    .isInstanceOf(TopicAuthorizationException.class);
        }
    }
}
