package io.tailrace.worker.service;

import io.tailrace.events.codec.EventCodec;
import io.tailrace.service.kafka.KafkaClientsConfiguration;
import io.tailrace.service.settings.SettingsConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Wires what is known of the log. */
@Configuration(proxyBeanMethods = false)
@Import({SettingsConfiguration.class, KafkaClientsConfiguration.class})
public class LogConfiguration {

    @Bean
    EventCodec eventCodec() {
        return new EventCodec();
    }
}
