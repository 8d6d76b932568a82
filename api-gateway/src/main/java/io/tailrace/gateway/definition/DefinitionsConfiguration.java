package io.tailrace.gateway.definition;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.tailrace.events.codec.EventCodec;
import io.tailrace.events.log.Topic;
import io.tailrace.gateway.kafka.LogConnection;
import io.tailrace.gateway.readmodel.ReadModelTail;
import io.tailrace.gateway.runs.CatalogueSettings;
import io.tailrace.service.kafka.KafkaClients;
import java.util.List;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the reading of definitions. */
@Configuration(proxyBeanMethods = false)
public class DefinitionsConfiguration {
    @Bean(initMethod = "start", destroyMethod = "close")
    ReadModelTail definitionsTail(
            KafkaClients kafka,
            LogConnection connection,
            EventCodec codec,
            List<DefinitionModel> models,
            MeterRegistry meters) {
        Counter undecodable = Counter.builder("tailrace.gateway.definitions.skipped")
                .description("Records of the definitions topic that could not be read")
                .register(meters);
        DefinitionReader reader = new DefinitionReader(codec, models);
        return new ReadModelTail(kafka, connection, Topic.DEFINITIONS, 1, reader, undecodable);
    }

    @Bean
    Definitions definitions(@Qualifier("definitionsTail") ReadModelTail tail, CatalogueSettings settings) {
        return new Definitions(tail, settings.catchUpWithin());
    }
}
