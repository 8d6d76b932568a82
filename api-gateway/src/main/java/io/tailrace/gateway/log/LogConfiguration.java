package io.tailrace.gateway.log;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.tailrace.events.codec.EventCodec;
import io.tailrace.gateway.kafka.KafkaSettings;
import io.tailrace.gateway.kafka.LogConnection;
import io.tailrace.gateway.view.EventDecoder;
import io.tailrace.gateway.view.EventJson;
import java.time.Clock;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the reading side. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(LogSettings.class)
public class LogConfiguration {
    @Bean
    LogMeters logMeters(MeterRegistry meters) {
        return new LogMeters(meters);
    }

    @Bean
    Oddities oddities(MeterRegistry meters) {
        return new Oddities(meters);
    }

    @Bean
    EventDecoder eventDecoder(EventCodec codec, Oddities oddities) {
        return new EventDecoder(codec, oddities::undecodable);
    }

    @Bean
    EventJson eventJson(EventDecoder decoder) {
        return new EventJson(decoder);
    }

    @Bean(destroyMethod = "close")
    KafkaLogSource logSource(
            KafkaSettings kafka, LogConnection connection, LogSettings settings, LogMeters meters, Oddities oddities) {
        ScanPool pool = new ScanPool(settings.scans(), new KafkaConsumers(kafka)::forScans, meters);
        return KafkaLogSource.of(connection, pool, oddities);
    }

    @Bean(initMethod = "start", destroyMethod = "close")
    KafkaTail logTail(KafkaSettings kafka, KafkaLogSource source, LogMeters meters, Oddities oddities) {
        return new KafkaTail(new KafkaConsumers(kafka)::forTail, source::end, meters, oddities, Clock.systemUTC());
    }

    @Bean(initMethod = "start", destroyMethod = "close")
    TailedRunLog runLog(
            KafkaLogSource source, KafkaTail tail, LogSettings settings, LogMeters meters, MeterRegistry registry) {
        TailedRunLog log = new TailedRunLog(source, tail, settings, meters);
        Gauge.builder("tailrace.gateway.watched.runs", log, TailedRunLog::watchedRuns)
                .description("Runs that are watched, or were a moment ago")
                .register(registry);
        Gauge.builder("tailrace.gateway.replays", log, TailedRunLog::openReplays)
                .description("Replays of the log for readers behind the rings")
                .register(registry);
        Gauge.builder("tailrace.gateway.inbox.held", log, TailedRunLog::inboxBytes)
                .description("What was read of watched runs and is not in their rings yet")
                .baseUnit("bytes")
                .register(registry);
        return log;
    }
}
