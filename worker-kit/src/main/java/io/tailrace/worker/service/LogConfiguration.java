package io.tailrace.worker.service;

import io.tailrace.events.codec.EventCodec;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires what is known of the log. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(LogProperties.class)
public class LogConfiguration {

    @Bean
    EventCodec eventCodec() {
        return new EventCodec();
    }
}
