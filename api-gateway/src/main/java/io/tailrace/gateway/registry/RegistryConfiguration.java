package io.tailrace.gateway.registry;

import io.tailrace.events.codec.SchemaCatalog;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the read-only schema registry. */
@Configuration(proxyBeanMethods = false)
public class RegistryConfiguration {
    @Bean
    SchemaRegistryController schemaRegistryController() {
        return new SchemaRegistryController(SchemaCatalog.released());
    }

    @Bean
    ContentIdsController contentIdsController() {
        return new ContentIdsController(SchemaCatalog.released());
    }
}
