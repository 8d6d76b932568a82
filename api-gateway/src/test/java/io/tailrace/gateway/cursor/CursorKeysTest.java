package io.tailrace.gateway.cursor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tailrace.events.id.RunId;
import io.tailrace.events.log.Topic;
import io.tailrace.events.reading.CursorKey;
import io.tailrace.events.reading.CursorToken;
import io.tailrace.events.reading.RunCursor;
import io.tailrace.gateway.testing.Answer;
import io.tailrace.gateway.testing.TestGateway;
import io.tailrace.local.broker.BrokerSettings;
import io.tailrace.local.broker.EmbeddedBroker;
import io.tailrace.local.process.FreePorts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The keys of cursors on a real log: made once, shared, replaced, revoked. */
@Timeout(240)
class CursorKeysTest {
    private static final RunId RUN = new RunId("r-keys");
    private static final RunCursor CURSOR = RunCursor.beforeFirst(7, 3, RUN);
    private static final String NEW_KEY = "0123456789abcdef".repeat(4);

    private static Cursors cursors(TestGateway gateway) {
        return gateway.context().getBean(Cursors.class);
    }

    private static boolean opens(TestGateway gateway, String token) throws Exception {
        return cursors(gateway).given("cursor", RUN, token).sealed();
    }

    private static void write(EmbeddedBroker broker, String name, @Nullable String key) throws Exception {
        try (var producer = new KafkaProducer<>(
                Map.<String, Object>of("bootstrap.servers", broker.bootstrapServers()),
                new StringSerializer(),
                new StringSerializer())) {
            producer.send(new ProducerRecord<>(Topic.CURSOR_KEYS.topicName(), 0, name, key))
                    .get(30, TimeUnit.SECONDS);
        }
    }

    /** What the topic has now: names and keys. */
    private static List<Map.Entry<String, String>> keys(EmbeddedBroker broker) {
        try (var consumer = new KafkaConsumer<>(
                Map.<String, Object>of("bootstrap.servers", broker.bootstrapServers()),
                new StringDeserializer(),
                new StringDeserializer())) {
            TopicPartition partition = new TopicPartition(Topic.CURSOR_KEYS.topicName(), 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
            List<Map.Entry<String, String>> found = new ArrayList<>();
            while (consumer.position(partition) < end) {
                consumer.poll(Duration.ofMillis(200)).forEach(it -> found.add(Map.entry(it.key(), it.value())));
            }
            return found;
        }
    }

    @Test
    void gatewaysThatStartAtTheSameMomentOpenWhatTheOtherSeals(@TempDir Path folder) throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder, BrokerSettings.forTests())) {
            var first = CompletableFuture.supplyAsync(() -> TestGateway.startOn(broker.bootstrapServers()));
            var second = CompletableFuture.supplyAsync(() -> TestGateway.startOn(broker.bootstrapServers()));
            try (TestGateway one = first.get();
                    TestGateway two = second.get()) {
                one.awaitReady();
                two.awaitReady();
                String ofOne = cursors(one).token(RUN, CURSOR);
                String ofTwo = cursors(two).token(RUN, CURSOR);
                assertThat(opens(one, ofTwo)).isTrue();
                assertThat(opens(two, ofOne)).isTrue();
                await().atMost(Duration.ofSeconds(30))
                        .until(() -> cursors(one)
                                .token(RUN, CURSOR)
                                .equals(cursors(two).token(RUN, CURSOR)));
                int made = keys(broker).size();
                assertThat(made).isBetween(1, 2);
                try (TestGateway later = TestGateway.startOn(broker.bootstrapServers())) {
                    later.awaitReady();
                    assertThat(opens(later, ofOne)).isTrue();
                    assertThat(opens(later, ofTwo)).isTrue();
                }
                assertThat(keys(broker)).hasSize(made);
            }
        }
    }

    @Test
    void aNewKeySealsTheOldOneOpensAndARevokedOneIsNoErrorOfTheClient(@TempDir Path folder) throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder, BrokerSettings.forTests());
                TestGateway gateway = TestGateway.startOn(broker.bootstrapServers())) {
            gateway.awaitReady();
            String old = cursors(gateway).token(RUN, CURSOR);
            Map.Entry<String, String> oldKey = keys(broker).getLast();

            write(broker, "slip", NEW_KEY.substring(1));
            write(broker, "2026-12", NEW_KEY);
            CursorKey key = CursorKey.ofHex(NEW_KEY).orElseThrow();
            // Another gateway may seal with it before this one has read it.
            assertThat(opens(gateway, key.seal(RUN, CURSOR))).isTrue();
            assertThat(cursors(gateway).token(RUN, CURSOR)).isEqualTo(key.seal(RUN, CURSOR));
            assertThat(opens(gateway, old)).isTrue();

            write(broker, oldKey.getKey(), null);
            await().atMost(Duration.ofSeconds(30)).until(() -> !opens(gateway, old));
            assertThat(opens(gateway, key.seal(RUN, CURSOR))).isTrue();

            write(broker, "2026-12", null);
            await().atMost(Duration.ofSeconds(30)).until(() -> !opens(gateway, key.seal(RUN, CURSOR)));
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> opens(gateway, cursors(gateway).token(RUN, CURSOR)));
            assertThat(CursorToken.parse(cursors(gateway).token(RUN, CURSOR))
                            .keyId()
                            .orElseThrow())
                    .isNotEqualTo(key.id());

            for (String path : List.of("/health/ready", "/actuator/prometheus", "/actuator/health", "/v1/runs")) {
                assertThat(gateway.get(path).body())
                        .doesNotContain(oldKey.getValue(), NEW_KEY, NEW_KEY.substring(0, 16));
            }
        }
    }

    /** Another gateway seals with it. The transaction holds this one's tail up before it, and not for ever. */
    @Test
    void aKeyThatIsNotReadYetIsWaitedFor(@TempDir Path folder) throws Exception {
        String within = "tailrace.gateway.catalogue.catch-up-within=1m";
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder, BrokerSettings.forTests());
                TestGateway gateway = TestGateway.startOn(broker.bootstrapServers(), within);
                var writer = new KafkaProducer<>(
                        Map.<String, Object>of(
                                "bootstrap.servers", broker.bootstrapServers(), "transactional.id", "another"),
                        new StringSerializer(),
                        new StringSerializer())) {
            gateway.awaitReady();
            writer.initTransactions();
            writer.beginTransaction();
            writer.send(new ProducerRecord<>(Topic.CURSOR_KEYS.topicName(), 0, "new", NEW_KEY))
                    .get(30, TimeUnit.SECONDS);
            String sealed = CursorKey.ofHex(NEW_KEY).orElseThrow().seal(RUN, CURSOR);
            FutureTask<Boolean> opens = new FutureTask<>(() -> opens(gateway, sealed));
            Thread reader = Thread.ofPlatform().start(opens);
            await().atMost(Duration.ofSeconds(30)).until(() -> opens.isDone() || waits(reader));
            writer.commitTransaction();

            assertThat(opens.get(90, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static boolean waits(Thread reader) {
        return Stream.of(reader.getStackTrace())
                .anyMatch(it -> it.getMethodName().equals("awaitOffset"));
    }

    @Test
    void keysThatWereMadeAnewMakeResetsAndNoRefusals(@TempDir Path folder) throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder, BrokerSettings.forTests())) {
            String token;
            try (TestGateway gateway = TestGateway.startOn(broker.bootstrapServers())) {
                gateway.awaitReady();
                token = cursors(gateway).token(RUN, CURSOR);
            }
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
                admin.deleteTopics(List.of(Topic.CURSOR_KEYS.topicName())).all().get(30, TimeUnit.SECONDS);
            }
            try (TestGateway later = TestGateway.startOn(broker.bootstrapServers())) {
                later.awaitReady();
                assertThat(opens(later, token)).isFalse();
                assertThat(opens(later, cursors(later).token(RUN, CURSOR))).isTrue();
            }
        }
    }

    @Test
    void aGatewayThatCannotReadTheKeysIsNotReadyAndTellsClientsToComeBack() throws Exception {
        CursorKey key = CursorKey.ofHex(NEW_KEY).orElseThrow();
        try (TestGateway gateway = TestGateway.startOn(
                "127.0.0.1:" + FreePorts.pick(1).getFirst(), "tailrace.gateway.catalogue.catch-up-within=100ms")) {
            assertThat(gateway.get("/health/ready").status()).isEqualTo(503);
            assertThat(gateway.get("/health/ready")
                            .json()
                            .findValue("cursor_keys")
                            .asString())
                    .isNotEqualTo("ok");
            String cursor = "?cursor=" + key.seal(RUN, CURSOR);
            for (String path : List.of("", "/events")) {
                Answer answer = gateway.get("/v1/runs/" + RUN + path + cursor);
                assertThat(answer.status()).as(path).isEqualTo(503);
                assertThat(answer.header("retry-after")).isPresent();
            }
            // Whoever may have the stream is kept until it can be served.
            assertThat(gateway.send("HEAD", "/v1/runs/" + RUN + "/stream" + cursor, "")
                            .status())
                    .isEqualTo(200);
        }
    }
}
