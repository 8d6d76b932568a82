package io.tailrace.gateway.command;

import io.micrometer.core.instrument.MeterRegistry;
import io.tailrace.events.kafka.KafkaRecords;
import io.tailrace.gateway.kafka.KafkaSettings;
import io.tailrace.gateway.kafka.LogConnection;
import io.tailrace.gateway.runs.RunCatalogue;
import io.tailrace.gateway.runs.RunDirectory;
import java.security.SecureRandom;
import java.time.Clock;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the way of a command into the log. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(CommandSettings.class)
public class CommandConfiguration {
    @Bean(destroyMethod = "close")
    KafkaCommandLog commandLog(
            KafkaSettings kafka, CommandSettings settings, LogConnection connection, KafkaRecords records) {
        return new KafkaCommandLog(kafka, settings, connection, records);
    }

    @Bean
    RunCommands runCommands(
            CommandLog log,
            RunDirectory directory,
            RunCatalogue catalogue,
            CommandSettings settings,
            MeterRegistry meters) {
        Clock clock = Clock.systemUTC();
        return new RunCommands(
                log,
                directory,
                catalogue,
                new CommandIds(clock, new SecureRandom()),
                clock,
                settings.decideWithin(),
                new CommandMeters(meters));
    }
}
