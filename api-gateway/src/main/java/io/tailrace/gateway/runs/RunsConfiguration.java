package io.tailrace.gateway.runs;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.tailrace.events.codec.EventCodec;
import io.tailrace.events.log.Topic;
import io.tailrace.gateway.decision.DecisionWatch;
import io.tailrace.gateway.kafka.LogConnection;
import io.tailrace.gateway.readmodel.ReadModelTail;
import io.tailrace.service.kafka.KafkaClients;
import io.tailrace.service.kafka.KafkaSettings;
import org.springframework.beans.factory.annotation.Qualifier;
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

    @Bean(initMethod = "start", destroyMethod = "close")
    ReadModelTail runsTail(
            KafkaClients kafka,
            KafkaSettings topics,
            LogConnection connection,
            EventCodec codec,
            RunCatalogue catalogue,
            MeterRegistry meters) {
        Counter undecodable = Counter.builder("tailrace.gateway.catalogue.skipped")
                .description("Records of the runs topic that could not be read")
                .register(meters);
        ReadModelTail tail = new ReadModelTail(
                kafka, connection, Topic.RUNS, topics.partitions(), new RunViews(codec, catalogue), undecodable);
        Gauge.builder("tailrace.gateway.catalogue.lag", tail, ReadModelTail::lag)
                .description("Records of the runs topic that the catalogue has not read")
                .baseUnit("records")
                .register(meters);
        return tail;
    }

    @Bean
    RunDirectory runDirectory(
            RunCatalogue catalogue,
            @Qualifier("runsTail") ReadModelTail tail,
            DecisionWatch decisions,
            KafkaSettings topics,
            CatalogueSettings settings) {
        return new RunDirectory(catalogue, tail, decisions, topics.partitions(), settings.catchUpWithin());
    }
}
