package io.tailrace.gateway.kafka;

import io.tailrace.events.codec.EventCodec;
import io.tailrace.events.kafka.KafkaRecords;
import io.tailrace.service.kafka.KafkaClients;
import io.tailrace.service.kafka.KafkaSettings;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the connection to the log. */
@Configuration(proxyBeanMethods = false)
public class KafkaConfiguration {
    @Bean
    EventCodec eventCodec() {
        return new EventCodec();
    }

    @Bean
    KafkaRecords kafkaRecords(EventCodec codec) {
        return new KafkaRecords(codec);
    }

    @Bean(initMethod = "start", destroyMethod = "close")
    LogConnection logConnection(KafkaClients kafka, KafkaSettings settings, ConfigurableApplicationContext context) {
        return new LogConnection(kafka, settings.topics(), reason -> endProcess(context, reason));
    }

    /** On a thread of its own: closing the context waits for the thread that found the contradiction. */
    private static void endProcess(ConfigurableApplicationContext context, String reason) {
        LoggerFactory.getLogger(KafkaConfiguration.class).error("Cannot work with this log: {}", reason);
        Thread.ofPlatform().name("fatal-exit").start(() -> System.exit(SpringApplication.exit(context, () -> 2)));
    }
}
