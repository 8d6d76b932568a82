package io.tailrace.worker.service;

import io.tailrace.events.codec.EventCodec;
import io.tailrace.service.kafka.KafkaClientsConfiguration;
import io.tailrace.service.life.LifeConfiguration;
import io.tailrace.service.settings.SettingsConfiguration;
import io.tailrace.service.trace.TracingConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Wires what all workers have of the service-kit. */
@Configuration(proxyBeanMethods = false)
@Import({
    SettingsConfiguration.class,
    KafkaClientsConfiguration.class,
    LifeConfiguration.class,
    TracingConfiguration.class
})
public class LogConfiguration {

    @Bean
    EventCodec eventCodec() {
        return new EventCodec();
    }
}
