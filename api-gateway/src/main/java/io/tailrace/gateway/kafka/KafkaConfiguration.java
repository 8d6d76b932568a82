package io.tailrace.gateway.kafka;

import io.tailrace.events.codec.EventCodec;
import io.tailrace.events.kafka.KafkaRecords;
import io.tailrace.service.kafka.KafkaClients;
import io.tailrace.service.kafka.KafkaSettings;
import io.tailrace.service.life.OrderlyEnd;
import io.tailrace.service.life.ProcessEnd;
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
    LogConnection logConnection(KafkaClients kafka, KafkaSettings settings, OrderlyEnd process) {
        return new LogConnection(
                kafka,
                settings.topics(),
                reason -> process.end(ProcessEnd.MISCONFIGURED, "Cannot work with this log: " + reason));
    }
}
