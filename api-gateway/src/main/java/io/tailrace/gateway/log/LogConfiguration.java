package io.tailrace.gateway.log;

import io.micrometer.core.instrument.MeterRegistry;
import io.tailrace.events.codec.EventCodec;
import io.tailrace.gateway.json.EventDecoder;
import io.tailrace.gateway.json.EventJson;
import io.tailrace.gateway.kafka.LogConnection;
import io.tailrace.runlog.KafkaRunLog;
import io.tailrace.runlog.RunLog;
import io.tailrace.runlog.UnreadableRecords;
import java.time.Clock;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the reading side. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(LogSettings.class)
public class LogConfiguration {
    /** In the names of meters. */
    private static final String READER = "gateway";

    @Bean
    UnreadableRecords unreadable(MeterRegistry meters) {
        return new UnreadableRecords(meters, READER);
    }

    @Bean
    EventDecoder eventDecoder(EventCodec codec, UnreadableRecords unreadable) {
        return new EventDecoder(codec, unreadable::undecodable);
    }

    @Bean
    EventJson eventJson(EventDecoder decoder) {
        return new EventJson(decoder);
    }

    @Bean(initMethod = "start", destroyMethod = "close")
    KafkaRunLog runLog(
            LogConnection connection, LogSettings settings, UnreadableRecords unreadable, MeterRegistry meters) {
        return new KafkaRunLog(READER, connection, settings.limits(), unreadable, meters, Clock.systemUTC());
    }

    @Bean
    RunFeeds runFeeds(RunLog log) {
        return new RunFeeds(log);
    }
}
