package io.tailrace.gateway.command;

import io.micrometer.core.instrument.MeterRegistry;
import io.tailrace.events.kafka.KafkaRecords;
import io.tailrace.gateway.decision.DecisionWatch;
import io.tailrace.gateway.kafka.LogConnection;
import io.tailrace.gateway.runs.RunCatalogue;
import io.tailrace.gateway.runs.RunDirectory;
import io.tailrace.service.kafka.KafkaClients;
import io.tailrace.service.kafka.KafkaSettings;
import io.tailrace.service.trace.Traces;
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
            KafkaClients kafka,
            CommandSettings settings,
            LogConnection connection,
            KafkaRecords records,
            Traces traces) {
        return new KafkaCommandLog(kafka, settings, connection, records, traces);
    }

    @Bean
    CommandIds commandIds() {
        return new CommandIds(Clock.systemUTC(), new SecureRandom());
    }

    @Bean
    CommandRoute commandRoute(
            CommandLog log,
            RunCatalogue catalogue,
            DecisionWatch decisions,
            KafkaSettings kafka,
            CommandIds ids,
            CommandSettings settings,
            MeterRegistry meters) {
        return new CommandRoute(
                log,
                catalogue,
                decisions,
                kafka.partitions(),
                ids,
                Clock.systemUTC(),
                settings.decideWithin(),
                new CommandMeters(meters));
    }

    @Bean
    RunCommands runCommands(CommandRoute route, RunDirectory directory, CommandIds ids) {
        return new RunCommands(route, directory, ids);
    }

    @Bean
    ApprovalCommands approvalCommands(CommandRoute route) {
        return new ApprovalCommands(route);
    }

    @Bean
    ChatCommands chatCommands(CommandRoute route, CommandIds ids) {
        return new ChatCommands(route, ids);
    }
}
