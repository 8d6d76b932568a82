package io.tailrace.service.kafka;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires what every service knows of Kafka. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({KafkaSettings.class, ClientMetricsSettings.class})
public class KafkaClientsConfiguration {
    private static final Logger log = LoggerFactory.getLogger(KafkaClientsConfiguration.class);

    @Bean
    KafkaClients kafkaClients(
            KafkaProperties properties,
            KafkaConnectionDetails connection,
            ObjectProvider<MeterRegistry> registry,
            ClientMetricsSettings metrics,
            ObjectProvider<SslBundles> bundles) {
        bundles.ifAvailable(it -> followed(properties).forEach(name -> follow(it, name)));
        ClientMeters meters =
                new ClientMeters(registry.getIfAvailable(CompositeMeterRegistry::new), new ShownMetrics(metrics.all()));
        return new KafkaClients(properties, connection, meters);
    }

    private static Stream<String> followed(KafkaProperties properties) {
        return Stream.of(
                        properties.getSsl(),
                        properties.getProducer().getSsl(),
                        properties.getConsumer().getSsl(),
                        properties.getAdmin().getSsl(),
                        properties.getStreams().getSsl())
                .flatMap(it -> Stream.ofNullable(it.getBundle()))
                .distinct();
    }

    /** Boot warns of a bundle whose next version nobody asks for. Here each connection does. */
    private static void follow(SslBundles bundles, String name) {
        bundles.addBundleUpdateHandler(
                name, _ -> log.info("SSL bundle {} was replaced; new connections to Kafka use it", name));
    }
}
