package io.tailrace.coordinator.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.service.kafka.KafkaClients;
import io.tailrace.service.kafka.KafkaSettings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What waits for what, with each setting that is allowed: by what Kafka gets, and by what the watch and the end go by. */
class SessionTimesTest {
    /** The brokers of the local stack look once a second for transactions that have timed out. */
    private static final Duration SWEEP = Duration.ofSeconds(1);

    /** A thread is replaced, and its successor has joined. */
    private static final Duration REPLACED = Duration.ofSeconds(10);

    /** What the local stack and docker-compose.yml leave a service before they kill it, without what traces may take. */
    private static final Duration KILLED_AFTER = Duration.ofSeconds(60);

    static Stream<CoordinatorSettings> allowed() {
        return Stream.iterate(2, it -> it <= 25, it -> it + 1)
                .flatMap(transaction -> Stream.of(3, 10, 300).map(session -> settings(transaction, session)));
    }

    private static CoordinatorSettings settings(int transaction, int session) {
        return new CoordinatorSettings(
                "any",
                Path.of("any"),
                1,
                0,
                Duration.ofMillis(20),
                Duration.ofMillis(5),
                Duration.ofSeconds(transaction),
                Duration.ofSeconds(session),
                Duration.ofSeconds(30));
    }

    @ParameterizedTest
    @MethodSource("allowed")
    void whatWaitsOutlastsWhatItWaitsFor(CoordinatorSettings settings) {
        StreamsConfig config = new StreamsConfig(StreamsProperties.of(
                KafkaClients.at("127.0.0.1:1"), new KafkaSettings(3, 1, 1, Duration.ofDays(30)), settings, "one"));
        Map<String, Object> producer = config.getProducerConfigs("producer");
        Map<String, Object> consumer = config.getMainConsumerConfigs("group", "consumer", 0);
        Duration commit = millis(producer, ProducerConfig.MAX_BLOCK_MS_CONFIG);
        Duration flush = millis(producer, ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG);
        SessionTimes times = SessionTimes.of(settings);

        assertThat(millis(producer, ProducerConfig.TRANSACTION_TIMEOUT_CONFIG))
                .isEqualTo(settings.transactionTimeout());
        assertThat(commit).isGreaterThan(settings.transactionTimeout().plus(SWEEP));
        assertThat(flush)
                .isGreaterThan(millis(producer, ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG)
                        .multipliedBy(2));
        assertThat(millis(consumer, ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG))
                .as("flush, offsets and commit")
                .isGreaterThan(flush.plus(commit).plus(commit));
        assertThat(millis(consumer, ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG))
                .isEqualTo(settings.sessionTimeout())
                .isGreaterThan(millis(consumer, ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG)
                        .multipliedBy(3));
        assertThat(times.standing())
                .as("a look at the spine that is given up")
                .isGreaterThanOrEqualTo(times.transactionOver().plus(REPLACED));
        assertThat(times.unowned())
                .as("a rebalance")
                .isGreaterThanOrEqualTo(millis(consumer, ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG))
                .isGreaterThanOrEqualTo(times.standing());
    }

    @Test
    void anEndWaitsForItsSessionAndNobodyKillsItMeanwhile() throws IOException {
        assertThat(SessionTimes.end())
                .isGreaterThan(SessionTimes.close().plus(SessionTimes.closeAtLast()))
                .isLessThanOrEqualTo(KILLED_AFTER.minus(shutdownPhase()));
    }

    private static Duration shutdownPhase() throws IOException {
        try (InputStream in =
                Objects.requireNonNull(StreamsSupervisor.class.getResourceAsStream("/application.yaml"))) {
            Matcher phase = Pattern.compile("timeout-per-shutdown-phase: (\\d+)s")
                    .matcher(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            assertThat(phase.find()).isTrue();
            return Duration.ofSeconds(Long.parseLong(phase.group(1)));
        }
    }

    private static Duration millis(Map<String, Object> config, String name) {
        return Duration.ofMillis(Long.parseLong(String.valueOf(config.get(name))));
    }
}
