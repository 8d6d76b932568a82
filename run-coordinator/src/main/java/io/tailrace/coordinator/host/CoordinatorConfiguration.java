package io.tailrace.coordinator.host;

import io.micrometer.core.instrument.MeterRegistry;
import io.tailrace.coordinator.topology.CoordinatorMetrics;
import java.net.InetAddress;
import java.time.InstantSource;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the coordinator. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({KafkaSettings.class, CoordinatorSettings.class})
public class CoordinatorConfiguration {
    @Bean
    CoordinatorMetrics coordinatorMetrics(MeterRegistry registry) {
        return new CoordinatorMetrics(registry, InstantSource.system());
    }

    @Bean
    ReadyLine readyLine(ServerProperties server) {
        InetAddress address = server.getAddress();
        return new ReadyLine(address == null || address.isAnyLocalAddress() ? "127.0.0.1" : address.getHostAddress());
    }

    @Bean(initMethod = "start", destroyMethod = "close")
    StreamsSupervisor streamsSupervisor(
            KafkaSettings kafka,
            CoordinatorSettings settings,
            @Value("${tailrace.instance:coordinator}") String instance,
            CoordinatorMetrics metrics,
            ReadyLine readyLine,
            ConfigurableApplicationContext context) {
        return new StreamsSupervisor(
                kafka, settings, instance, metrics, InstantSource.system(), new StreamsSupervisor.Listener() {
                    @Override
                    public void ready() {
                        readyLine.topologyRuns();
                    }

                    @Override
                    public void fatal(String reason) {
                        endProcess(context, reason);
                    }
                });
    }

    /** In the readiness group: whether decisions are being made. */
    @Bean
    HealthIndicator topologyHealthIndicator(StreamsSupervisor supervisor) {
        return () -> supervisor
                .fault()
                .map(fault -> Health.outOfService().withDetail("fault", fault))
                .orElseGet(Health::up)
                .withDetail("lastThreadFailure", supervisor.lastFailure().orElse("none"))
                .build();
    }

    /** Not in the readiness group: what is wrong with single runs, which a restart does not mend. */
    @Bean
    HealthIndicator runsHealthIndicator(CoordinatorMetrics metrics) {
        return () -> {
            boolean sound = metrics.unreadableStates() == 0 && metrics.failedDecisions() == 0;
            return (sound ? Health.up() : Health.down())
                    .withDetail("unreadableStates", metrics.unreadableStates())
                    .withDetail("failedDecisions", metrics.failedDecisions())
                    .build();
        };
    }

    /** On a thread of its own: closing the context waits for the supervisor's. */
    private static void endProcess(ConfigurableApplicationContext context, String reason) {
        LoggerFactory.getLogger(CoordinatorConfiguration.class).error("Cannot work with this log: {}", reason);
        Thread.ofPlatform().name("fatal-exit").start(() -> System.exit(SpringApplication.exit(context, () -> 2)));
    }
}
