package io.tailrace.coordinator.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.service.kafka.KafkaClients;
import io.tailrace.service.kafka.KafkaSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class SettingsTest {
    @Test
    void defaults() {
        CoordinatorSettings settings = coordinator(Map.of());
        KafkaSettings kafka = kafka(Map.of());

        assertThat(settings)
                .isEqualTo(new CoordinatorSettings(
                        "tailrace-coordinator",
                        Path.of("tailrace-coordinator-state"),
                        2,
                        0,
                        Duration.ofMillis(20),
                        Duration.ofMillis(5),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(30)));
        assertThat(kafka).isEqualTo(new KafkaSettings(12, 1, 1, Duration.ofDays(30)));
    }

    @ParameterizedTest
    @CsvSource({
        "application-id, a/b",
        "application-id, ''",
        "threads, 0",
        "standby-replicas, -1",
        "commit-interval, 0ms",
        "commit-interval, 2s",
        "poll-interval, 0ms",
        "transaction-timeout, 1s",
        "session-timeout, 1s",
        "sweep-interval, 1ms",
    })
    void badValueOfTheCoordinatorIsNamed(String name, String value) {
        assertThatThrownBy(() -> coordinator(Map.of("tailrace.coordinator." + name, value)))
                .isInstanceOf(BindException.class)
                .rootCause()
                .hasMessageContaining(name);
    }

    @ParameterizedTest
    @CsvSource({
        "partitions, 0",
        "request-partitions, 0",
        "replication-factor, 0",
        "replication-factor, 100000",
        "retention, 0s",
    })
    void badValueOfKafkaIsNamed(String name, String value) {
        assertThatThrownBy(() -> kafka(Map.of("tailrace.kafka." + name, value)))
                .isInstanceOf(BindException.class)
                .rootCause()
                .hasMessageContaining(name);
    }

    @Test
    void streamsTakesTheProperties() {
        Properties properties =
                StreamsProperties.of(KafkaClients.at("127.0.0.1:1"), kafka(Map.of()), coordinator(Map.of()), "one");

        StreamsConfig config = new StreamsConfig(properties);
        assertThat(config.getString(StreamsConfig.PROCESSING_GUARANTEE_CONFIG)).isEqualTo("exactly_once_v2");
        assertThat(config.getProducerConfigs("x").get(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG))
                .isEqualTo(10000);
        assertThat(config.getMainConsumerConfigs("g", "c", 0).get("isolation.level"))
                .hasToString("read_committed");
    }

    private static CoordinatorSettings coordinator(Map<String, String> values) {
        return bound("tailrace.coordinator", CoordinatorSettings.class, values);
    }

    private static KafkaSettings kafka(Map<String, String> values) {
        return bound("tailrace.kafka", KafkaSettings.class, values);
    }

    private static <T> T bound(String prefix, Class<T> type, Map<String, String> values) {
        return new Binder(new MapConfigurationPropertySource(values))
                .bindOrCreate(prefix, Bindable.of(type), new NoUnboundElementsBindHandler(BindHandler.DEFAULT));
    }
}
