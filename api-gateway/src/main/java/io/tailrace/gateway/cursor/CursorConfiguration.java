package io.tailrace.gateway.cursor;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.tailrace.events.log.Topic;
import io.tailrace.gateway.health.ReadinessCheck;
import io.tailrace.gateway.kafka.LogConnection;
import io.tailrace.gateway.kafka.LogProducer;
import io.tailrace.gateway.readmodel.ReadModelTail;
import io.tailrace.gateway.runs.CatalogueSettings;
import io.tailrace.service.kafka.KafkaClients;
import java.security.SecureRandom;
import java.time.Clock;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the sealing of cursors. */
@Configuration(proxyBeanMethods = false)
public class CursorConfiguration {
    @Bean
    KeyRing cursorKeyRing() {
        return new KeyRing();
    }

    @Bean(initMethod = "start", destroyMethod = "close")
    ReadModelTail cursorKeysTail(KafkaClients kafka, LogConnection connection, KeyRing ring, MeterRegistry meters) {
        Counter undecodable = Counter.builder("tailrace.gateway.cursor.keys.skipped")
                .description("Records of the topic of cursor keys that could not be read")
                .register(meters);
        return new ReadModelTail(kafka, connection, Topic.CURSOR_KEYS, 1, new CursorKeyReader(ring), undecodable);
    }

    @Bean(initMethod = "start", destroyMethod = "close")
    CursorKeys cursorKeys(
            KeyRing ring,
            @Qualifier("cursorKeysTail") ReadModelTail tail,
            KafkaClients kafka,
            CatalogueSettings settings) {
        LogProducer producer = new LogProducer(kafka, "cursor-keys", settings.catchUpWithin(), "none");
        CursorKeyLog log = new CursorKeyLog(producer, new SecureRandom(), settings.catchUpWithin());
        return new CursorKeys(ring, tail, log, settings.catchUpWithin());
    }

    @Bean
    Cursors cursors(CursorKeys keys) {
        return new Cursors(keys);
    }

    @Bean(destroyMethod = "close")
    KafkaCheckpoints checkpoints(KafkaClients kafka, LogConnection connection, CatalogueSettings settings) {
        LogProducer producer = new LogProducer(kafka, "checkpoints", settings.catchUpWithin(), "none");
        return new KafkaCheckpoints(producer, connection, settings.catchUpWithin());
    }

    @Bean
    SubscriptionCursors subscriptionCursors(
            CursorKeys keys, Cursors cursors, KafkaCheckpoints checkpoints, LogConnection connection) {
        return new SubscriptionCursors(keys, cursors, checkpoints, connection::epoch, Clock.systemUTC());
    }

    @Bean
    ReadinessCheck cursorKeysFollow(CursorKeys keys) {
        return ReadinessCheck.of("cursor_keys", "Cursors can be made and read.", keys::fault);
    }
}
