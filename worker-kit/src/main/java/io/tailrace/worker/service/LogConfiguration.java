package io.tailrace.worker.service;

import io.tailrace.events.codec.EventCodec;
import io.tailrace.service.KitConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Wires what all workers have of the service-kit. */
@Configuration(proxyBeanMethods = false)
@Import(KitConfiguration.class)
public class LogConfiguration {

    @Bean
    EventCodec eventCodec() {
        return new EventCodec();
    }
}
