package io.tailrace.gateway.health;

import io.tailrace.gateway.definition.Definitions;
import io.tailrace.gateway.kafka.LogConnection;
import io.tailrace.gateway.runs.RunDirectory;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires liveness and readiness. */
@Configuration(proxyBeanMethods = false)
public class HealthConfiguration {
    @Bean
    ReadinessCheck logReachable(LogConnection connection) {
        return ReadinessCheck.of("log", connection::unreachable);
    }

    @Bean
    ReadinessCheck catalogueFollows(RunDirectory directory) {
        return ReadinessCheck.of(
                "catalogue",
                () -> directory
                        .failure()
                        .or(() -> directory.loaded()
                                ? Optional.empty()
                                : Optional.of("still reading the topic of runs")));
    }

    @Bean
    ReadinessCheck definitionsFollow(Definitions definitions) {
        return ReadinessCheck.of("configurations", definitions::fault);
    }

    @Bean
    Readiness readiness(List<ReadinessCheck> checks) {
        return new Readiness(checks);
    }

    @Bean
    HealthController healthController(Readiness readiness) {
        return new HealthController(readiness);
    }

    /** The same for the actuator's readiness group, which includes it by its name. */
    @Bean
    HealthIndicator gatewayHealthIndicator(Readiness readiness) {
        return () -> (readiness.isReady() ? Health.up() : Health.outOfService())
                .withDetails(readiness.states())
                .build();
    }

    @Bean
    ReadyLine readyLine(LogConnection connection, RunDirectory directory, ServerProperties server) {
        InetAddress address = server.getAddress();
        String host = address == null || address.isAnyLocalAddress() ? "127.0.0.1" : address.getHostAddress();
        return new ReadyLine(connection, directory, host);
    }
}
