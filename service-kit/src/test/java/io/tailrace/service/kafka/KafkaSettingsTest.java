package io.tailrace.service.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.events.kafka.TopicSettings;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;

/** Defaults, and each bound from both sides. */
class KafkaSettingsTest {
    private final ApplicationContextRunner runner = new ApplicationContextRunner().withUserConfiguration(Bound.class);

    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties(KafkaSettings.class)
    static class Bound {}

    @Test
    void defaults() {
        runner.run(context -> assertThat(context.getBean(KafkaSettings.class).topics())
                .isEqualTo(new TopicSettings(12, 1, 1, Duration.ofDays(30))));
    }

    @ParameterizedTest
    @CsvSource({
        "partitions=1",
        "partitions=10000",
        "request-partitions=1",
        "request-partitions=10000",
        "replication-factor=1",
        "replication-factor=32767",
        "retention=1ms",
        "retention=36500d"
    })
    void atABound(String property) {
        runner.withPropertyValues("tailrace.kafka." + property).run(context -> {
            assertThat(context).hasNotFailed();
            assertThat(context.getBean(KafkaSettings.class).topics().retention().toMillis())
                    .isPositive();
        });
    }

    @ParameterizedTest
    @CsvSource({
        "partitions=-1",
        "partitions=0",
        "partitions=10001",
        "partitions=2147483648",
        "request-partitions=0",
        "request-partitions=10001",
        "replication-factor=0",
        "replication-factor=32768",
        "retention=-1d",
        "retention=0",
        "retention=999us",
        "retention=36501d",
        "retention=106751991168d",
        "retention=soon"
    })
    void beyondABound(String property) {
        String name = "tailrace.kafka." + property.split("=", -1)[0];
        runner.withPropertyValues("tailrace.kafka." + property)
                .run(context -> assertThat(context.getStartupFailure()).hasStackTraceContaining(name));
    }
}
