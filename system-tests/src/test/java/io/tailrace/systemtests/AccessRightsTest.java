package io.tailrace.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.local.broker.BrokerSettings;
import io.tailrace.local.broker.EmbeddedBroker;
import io.tailrace.local.process.FreePorts;
import io.tailrace.local.process.JavaCommand;
import io.tailrace.local.stack.LocalStack;
import io.tailrace.local.stack.StackMember;
import io.tailrace.local.stack.StackOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * The rights that docs/operations.md grants are enough, and keep workers out of what is not theirs: a broker with an
 * authorizer, and a listener and a principal for each service.
 */
@Timeout(180)
class AccessRightsTest {
    private static final Duration SOON = Duration.ofSeconds(60);

    /** The broker's own, the controller's, and one for each service. */
    private static final List<String> LISTENERS =
            List.of("ADMIN", "CONTROLLER", "GATEWAY", "COORDINATOR", "BUILD_WORKER", "TURN_WORKER");

    private final Map<String, String> addresses = new HashMap<>();

    @Test
    void everyServiceCanDoItsWorkWithTheDocumentedRightsAndNoMore(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path data)
            throws Exception {
        List<Integer> ports = FreePorts.pick(LISTENERS.size());
        for (int i = 0; i < LISTENERS.size(); i++) {
            addresses.put(LISTENERS.get(i), "127.0.0.1:" + ports.get(i));
        }
        try (EmbeddedBroker _ = EmbeddedBroker.start(data.resolve("kafka"), broker(ports.getFirst()))) {
            grantWhatIsDocumented();
            try (LocalStack stack = LocalStack.start(services(data.resolve("stack")))) {
                buildsAndChats(new Gateway(stack.gateway(1)));
                for (StackMember service : stack.members()) {
                    assertThat(Files.readString(service.log()))
                            .as(service.name())
                            .doesNotContainIgnoringCase("authoriz");
                }
            }
            for (String topic : List.of(
                    "run-commands",
                    "run-events",
                    "build-events",
                    "turn-requests",
                    "runs",
                    "artifacts",
                    "cursor-keys")) {
                cannotWrite("TURN_WORKER", "tailrace." + topic);
            }
            for (String topic : List.of(
                    "run-commands",
                    "run-events",
                    "turn-events",
                    "build-requests",
                    "runs",
                    "artifacts",
                    "cursor-keys")) {
                cannotWrite("BUILD_WORKER", "tailrace." + topic);
            }
            for (String service : List.of("COORDINATOR", "TURN_WORKER", "BUILD_WORKER")) {
                cannotReadTheKeysOfCursors(service);
            }
        }
    }

    private BrokerSettings broker(int port) {
        String listeners =
                LISTENERS.stream().map(it -> it + "://" + addresses.get(it)).collect(Collectors.joining(","));
        String advertised = LISTENERS.stream()
                .filter(it -> !it.equals("CONTROLLER"))
                .map(it -> it + "://" + addresses.get(it))
                .collect(Collectors.joining(","));
        Map<String, String> overrides = Map.of(
                "listeners",
                listeners,
                "advertised.listeners",
                advertised,
                "listener.security.protocol.map",
                LISTENERS.stream().map(it -> it + ":PLAINTEXT").collect(Collectors.joining(",")),
                "inter.broker.listener.name",
                "ADMIN",
                "controller.quorum.voters",
                "1@" + addresses.get("CONTROLLER"),
                "authorizer.class.name",
                "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                "principal.builder.class",
                ListenerPrincipals.class.getName(),
                "super.users",
                "User:admin;User:controller");
        return BrokerSettings.durable(port)
                .endingWithParent()
                .withJvmOptions(JavaCommand.SHORT_LIVED)
                .withOverrides(overrides);
    }

    private void grantWhatIsDocumented() throws Exception {
        List<AclBinding> rights = DocumentedRights.read();
        assertThat(rights.stream().map(it -> it.entry().principal()).distinct())
                .containsExactlyInAnyOrder("User:gateway", "User:coordinator", "User:build-worker", "User:turn-worker");
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", address("ADMIN")))) {
            admin.createAcls(rights).all().get(30, TimeUnit.SECONDS);
        }
    }

    private StackOptions services(Path data) {
        String variable = "SPRING_KAFKA_BOOTSTRAP_SERVERS";
        return StackOptions.forTests(data)
                .bootstrapServers(address("ADMIN"))
                .buildWorkers(1)
                .turnWorkers(1)
                .partitions(1)
                .environment("gateway", variable, address("GATEWAY"))
                .environment("coordinator", variable, address("COORDINATOR"))
                .environment("build-worker", variable, address("BUILD_WORKER"))
                .environment("turn-worker", variable, address("TURN_WORKER"))
                .build();
    }

    private String address(String listener) {
        return addresses.getOrDefault(listener, "");
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

    private static byte[] zip(Path file) throws Exception {
        var bytes = new java.io.ByteArrayOutputStream();
        try (var zip = new java.util.zip.ZipOutputStream(bytes)) {
            zip.putNextEntry(new java.util.zip.ZipEntry("a.txt"));
            zip.write(Files.readAllBytes(file));
        }
        return bytes.toByteArray();
    }

    private void cannotWrite(String service, String topic) {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                address(service),
                "max.block.ms",
                10_000,
                "delivery.timeout.ms",
                10_000,
                "request.timeout.ms",
                5_000);
        try (var producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            assertThatThrownBy(() -> producer.send(new ProducerRecord<>(topic, 0, new byte[1], new byte[1]))
                            .get(10, TimeUnit.SECONDS))
                    .as(service + " writes " + topic)
                    .hasRootCauseInstanceOf(TopicAuthorizationException.class);
        }
    }

    private void cannotReadTheKeysOfCursors(String service) {
        TopicPartition keys = new TopicPartition("tailrace.cursor-keys", 0);
        Map<String, Object> settings = Map.of("bootstrap.servers", address(service), "auto.offset.reset", "earliest");
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
