package io.tailrace.service.kafka;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires what every service knows of Kafka. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({KafkaSettings.class, ClientMetricsSettings.class})
public class KafkaClientsConfiguration {
    @Bean
    KafkaClients kafkaClients(
            KafkaProperties properties,
            KafkaConnectionDetails connection,
            ObjectProvider<MeterRegistry> registry,
            ClientMetricsSettings metrics) {
        ClientMeters meters =
                new ClientMeters(registry.getIfAvailable(CompositeMeterRegistry::new), new ShownMetrics(metrics.all()));
        return new KafkaClients(properties, connection, meters);
    }
}
