package io.tailrace.gateway.runs;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.tailrace.events.codec.EventCodec;
import io.tailrace.gateway.kafka.KafkaSettings;
import io.tailrace.gateway.kafka.LogConnection;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the catalogue of runs. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(CatalogueSettings.class)
public class RunsConfiguration {
    @Bean
    RunCatalogue runCatalogue(EventCodec codec, MeterRegistry meters) {
        RunCatalogue catalogue = new RunCatalogue(codec);
        Gauge.builder("tailrace.gateway.catalogue.runs", catalogue, RunCatalogue::size)
                .description("Runs in the catalogue")
                .register(meters);
        Gauge.builder("tailrace.gateway.catalogue.held", catalogue, RunCatalogue::heldBytes)
                .description("Bytes of the views in the catalogue, its indexes aside")
                .baseUnit("bytes")
                .register(meters);
        return catalogue;
    }

    @Bean
    CatalogueProgress catalogueProgress() {
        return new CatalogueProgress();
    }

    @Bean
    HighWatermarks highWatermarks(LogConnection connection, KafkaSettings kafka) {
        return new HighWatermarks(connection, kafka.partitions());
    }

    @Bean(initMethod = "start", destroyMethod = "close")
    RunsTail runsTail(
            KafkaSettings kafka,
            LogConnection connection,
            HighWatermarks highWatermarks,
            EventCodec codec,
            RunCatalogue catalogue,
            CatalogueProgress progress,
            MeterRegistry meters) {
        Counter undecodable = Counter.builder("tailrace.gateway.catalogue.skipped")
                .description("Records of the runs topic that could not be read")
                .register(meters);
        RunsTail tail = new RunsTail(kafka, connection, highWatermarks, codec, catalogue, progress, undecodable);
        Gauge.builder("tailrace.gateway.catalogue.lag", tail, RunsTail::lag)
                .description("Records of the runs topic that the catalogue has not read")
                .baseUnit("records")
                .register(meters);
        return tail;
    }

    @Bean
    RunDirectory runDirectory(
            RunCatalogue catalogue,
            CatalogueProgress progress,
            HighWatermarks highWatermarks,
            KafkaSettings kafka,
            CatalogueSettings settings) {
        return new RunDirectory(catalogue, progress, highWatermarks, kafka.partitions(), settings.catchUpWithin());
    }
}
