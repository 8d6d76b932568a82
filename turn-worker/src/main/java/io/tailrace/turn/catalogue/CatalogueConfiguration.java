package io.tailrace.turn.catalogue;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.tailrace.events.codec.EventCodec;
import io.tailrace.events.definition.Definition;
import io.tailrace.service.kafka.KafkaClients;
import io.tailrace.turn.provider.runtime.ProviderRuntime;
import io.tailrace.turn.tool.ToolServers;
import io.tailrace.worker.queue.WorkerSettings;
import java.time.InstantSource;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the catalogues of providers and of tool servers. */
@Configuration(proxyBeanMethods = false)
public class CatalogueConfiguration {

    /** Started when the worker is ready. */
    @Bean(destroyMethod = "close")
    Catalogues catalogues(
            KafkaClients kafka,
            WorkerSettings settings,
            EventCodec codec,
            ProviderRuntime providers,
            ToolServers servers,
            MeterRegistry registry) {
        String process = settings.id().value();
        CataloguePublisher<?> ofProviders = publisher(
                kafka,
                process,
                codec,
                Catalogue.providers(settings.id(), providers.registry().list()));
        CataloguePublisher<?> ofServers =
                publisher(kafka, process, codec, Catalogue.toolServers(settings.id(), servers));
        Gauge.builder("tailrace.turns.catalogue.recorded", ofProviders, it -> it.isRecorded() ? 1 : 0)
                .description("1 once the log has had this worker's providers in its catalogue, else 0")
                .register(registry);
        Gauge.builder("tailrace.turns.tool.servers.recorded", ofServers, it -> it.isRecorded() ? 1 : 0)
                .description("1 once the log has had this worker's tool servers in its catalogue, else 0")
                .register(registry);
        return new Catalogues(List.of(ofProviders, ofServers));
    }

    private static <T extends Definition.Resource> CataloguePublisher<T> publisher(
            KafkaClients kafka, String process, EventCodec codec, Catalogue<T> catalogue) {
        return new CataloguePublisher<>(
                new KafkaCatalogueLog<>(kafka, process, codec, catalogue.key(), catalogue.type()),
                catalogue,
                InstantSource.system());
    }
}
