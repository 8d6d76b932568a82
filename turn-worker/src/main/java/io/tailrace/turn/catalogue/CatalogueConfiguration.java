package io.tailrace.turn.catalogue;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.tailrace.events.codec.EventCodec;
import io.tailrace.service.kafka.KafkaClients;
import io.tailrace.turn.provider.runtime.ProviderRuntime;
import io.tailrace.worker.queue.WorkerSettings;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the catalogue of providers. */
@Configuration(proxyBeanMethods = false)
public class CatalogueConfiguration {

    /** Started when the worker is ready. */
    @Bean(destroyMethod = "close")
    CataloguePublisher cataloguePublisher(
            KafkaClients kafka,
            WorkerSettings settings,
            EventCodec codec,
            ProviderRuntime providers,
            MeterRegistry registry) {
        CataloguePublisher publisher = new CataloguePublisher(
                new KafkaCatalogueLog(kafka, settings.id().value(), codec),
                settings.id(),
                providers.registry().list(),
                InstantSource.system());
        Gauge.builder("tailrace.turns.catalogue.recorded", publisher, it -> it.isRecorded() ? 1 : 0)
                .description("1 once the log has had this worker's providers in its catalogue, else 0")
                .register(registry);
        return publisher;
    }
}
