package io.tailrace.gateway.configuration;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.tailrace.events.codec.EventCodec;
import io.tailrace.events.kafka.KafkaRecords;
import io.tailrace.events.log.Topic;
import io.tailrace.gateway.kafka.KafkaSettings;
import io.tailrace.gateway.kafka.LogConnection;
import io.tailrace.gateway.readmodel.ReadModelTail;
import io.tailrace.gateway.request.JsonBody;
import io.tailrace.gateway.runs.CatalogueSettings;
import java.time.Clock;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/** Wires configurations. */
@org.springframework.context.annotation.Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ConfigurationSettings.class)
public class ConfigurationsConfiguration {
    @Bean
    ConfigurationCatalogue configurationCatalogue(EventCodec codec, MeterRegistry meters) {
        ConfigurationCatalogue catalogue = new ConfigurationCatalogue(codec);
        Gauge.builder("tailrace.gateway.configurations", catalogue, ConfigurationCatalogue::size)
                .description("Configurations in the catalogue")
                .register(meters);
        return catalogue;
    }

    @Bean(initMethod = "start", destroyMethod = "close")
    ReadModelTail definitionsTail(
            KafkaSettings kafka, LogConnection connection, ConfigurationCatalogue catalogue, MeterRegistry meters) {
        Counter undecodable = Counter.builder("tailrace.gateway.definitions.skipped")
                .description("Records of the definitions topic that could not be read")
                .register(meters);
        return new ReadModelTail(kafka, connection, Topic.DEFINITIONS, 1, catalogue, undecodable);
    }

    @Bean(destroyMethod = "close")
    ArtifactLog artifactLog(
            KafkaSettings kafka, LogConnection connection, KafkaRecords records, ConfigurationSettings settings) {
        return new ArtifactLog(kafka, connection, records, settings.storeWithin());
    }

    @Bean
    Configurations configurations(
            ConfigurationCatalogue catalogue,
            @Qualifier("definitionsTail") ReadModelTail tail,
            ArtifactLog artifacts,
            ConfigurationSettings settings,
            CatalogueSettings catalogueSettings) {
        return new Configurations(
                catalogue,
                tail,
                artifacts,
                new ArchiveCheck(settings.maxUnpacked().toBytes(), settings.maxEntries()),
                Clock.systemUTC(),
                catalogueSettings.catchUpWithin());
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
