package io.tailrace.gateway.configuration;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.tailrace.events.archive.ArchiveLimits;
import io.tailrace.events.kafka.KafkaRecords;
import io.tailrace.gateway.definition.Definitions;
import io.tailrace.gateway.kafka.LogConnection;
import io.tailrace.gateway.request.JsonBody;
import io.tailrace.service.kafka.KafkaClients;
import io.tailrace.service.kafka.KafkaSettings;
import java.time.Clock;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/** Wires configurations. */
@org.springframework.context.annotation.Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ConfigurationSettings.class)
public class ConfigurationsConfiguration {
    @Bean
    ConfigurationCatalogue configurationCatalogue(MeterRegistry meters) {
        ConfigurationCatalogue catalogue = new ConfigurationCatalogue();
        Gauge.builder("tailrace.gateway.configurations", catalogue, ConfigurationCatalogue::size)
                .description("Configurations in the catalogue")
                .register(meters);
        return catalogue;
    }

    @Bean(destroyMethod = "close")
    ArtifactLog artifactLog(
            KafkaClients kafka,
            KafkaSettings topics,
            LogConnection connection,
            KafkaRecords records,
            ConfigurationSettings settings) {
        return new ArtifactLog(kafka, topics.partitions(), connection, records, settings.storeWithin());
    }

    @Bean
    Configurations configurations(
            ConfigurationCatalogue catalogue,
            Definitions definitions,
            ArtifactLog artifacts,
            ConfigurationSettings settings) {
        return new Configurations(
                catalogue,
                definitions,
                artifacts,
                new ArchiveCheck(new ArchiveLimits(
                        settings.maxEntries(), settings.maxUnpacked().toBytes())),
                Clock.systemUTC());
    }

    @Bean
    PlanConfigurations planConfigurations(Configurations configurations) {
        return new PlanConfigurations(configurations);
    }

    @Bean
    ConfigurationController configurationController(Configurations configurations, ConfigurationSettings settings) {
        return new ConfigurationController(
                configurations,
                new ArchiveBody(Math.toIntExact(settings.maxSize().toBytes()), settings.roots()),
                new JsonBody(8 * 1024),
                settings.turnWithin());
    }
}
