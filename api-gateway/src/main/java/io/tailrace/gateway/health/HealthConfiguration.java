package io.tailrace.gateway.health;

import io.tailrace.gateway.decision.DecisionReport;
import io.tailrace.gateway.decision.DecisionWatch;
import io.tailrace.gateway.definition.Definitions;
import io.tailrace.gateway.kafka.LogConnection;
import io.tailrace.gateway.runs.RunDirectory;
import io.tailrace.service.life.ReadyLine;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires liveness and readiness. */
@Configuration(proxyBeanMethods = false)
public class HealthConfiguration {
    @Bean
    ReadinessCheck logReachable(LogConnection connection) {
        return ReadinessCheck.of("log", "The log can be reached.", connection::unreachable);
    }

    @Bean
    ReadinessCheck catalogueFollows(RunDirectory directory) {
        return ReadinessCheck.of(
                "catalogue",
                "The catalogue of runs follows the log.",
                () -> directory
                        .failure()
                        .or(() -> directory.loaded()
                                ? Optional.empty()
                                : Optional.of("still reading the topic of runs")));
    }

    @Bean
    ReadinessCheck definitionsFollow(Definitions definitions) {
        return ReadinessCheck.of(
                "configurations", "The catalogue of configurations follows the log.", definitions::fault);
    }

    /** Only told: without a coordinator a gateway still takes commands and serves what there is. */
    @Bean
    ReadinessCheck coordinatorDecides(DecisionWatch decisions) {
        return ReadinessCheck.told("coordinator", () -> sentence(decisions.latest()), () -> {
            DecisionReport report = decisions.latest();
            return report.isUnknown() || report.isStalled() ? Optional.of(sentence(report)) : Optional.empty();
        });
    }

    private static String sentence(DecisionReport report) {
        return report.sentence(Instant.now());
    }

    @Bean
    StatusController statusController(List<ReadinessCheck> checks, DecisionWatch decisions) {
        return new StatusController(checks, decisions, Clock.systemUTC());
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

    @Bean(destroyMethod = "close")
    ReadyWait readyWait(LogConnection connection, RunDirectory directory, ReadyLine line) {
        return ReadyWait.start(connection, directory, line);
    }
}
