package io.tailrace.gateway.decision;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.tailrace.gateway.kafka.LogConnection;
import io.tailrace.service.kafka.KafkaClients;
import io.tailrace.service.kafka.KafkaSettings;
import java.time.Duration;
import java.time.Instant;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the watch over decisions. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(DecisionSettings.class)
public class DecisionConfiguration {
    @Bean(initMethod = "start", destroyMethod = "close")
    DecisionWatch decisionWatch(
            KafkaClients kafka,
            KafkaSettings topics,
            LogConnection connection,
            DecisionSettings settings,
            MeterRegistry meters) {
        DecisionWatch watch = new DecisionWatch(
                new DecisionLooks(connection, kafka, topics.partitions(), settings.coordinatorGroup()),
                new Standstill(settings.stalledAfter()));
        Gauge.builder("tailrace.commands.undecided", watch, DecisionConfiguration::undecided)
                .description("Commands that wait for a decision; not a number while that is not known")
                .register(meters);
        Gauge.builder("tailrace.commands.undecided.age", watch, DecisionConfiguration::age)
                .description("How long the oldest of them has waited; 0 if none waits")
                .baseUnit("seconds")
                .register(meters);
        return watch;
    }

    private static double undecided(DecisionWatch watch) {
        DecisionReport report = watch.latest();
        return report.isUnknown() ? Double.NaN : report.undecided();
    }

    private static double age(DecisionWatch watch) {
        DecisionReport report = watch.latest();
        return report.isUnknown()
                ? Double.NaN
                : report.oldestAge(Instant.now()).orElse(Duration.ZERO).toMillis() / 1000.0;
    }
}
