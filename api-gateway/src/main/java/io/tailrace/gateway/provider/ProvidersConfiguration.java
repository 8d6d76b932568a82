package io.tailrace.gateway.provider;

import io.tailrace.gateway.definition.Definitions;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires providers. */
@Configuration(proxyBeanMethods = false)
public class ProvidersConfiguration {
    @Bean
    RecordedCatalogue recordedCatalogue() {
        return new RecordedCatalogue();
    }

    @Bean
    ProvidersController providersController(Definitions definitions, RecordedCatalogue catalogue) {
        return new ProvidersController(definitions, catalogue);
    }
}
