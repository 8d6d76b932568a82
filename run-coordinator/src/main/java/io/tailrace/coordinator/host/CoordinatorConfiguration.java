package io.tailrace.coordinator.host;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.tailrace.coordinator.topology.CoordinatorMetrics;
import io.tailrace.coordinator.topology.SpineAhead;
import io.tailrace.service.KitConfiguration;
import io.tailrace.service.kafka.KafkaClients;
import io.tailrace.service.kafka.KafkaSettings;
import io.tailrace.service.life.OrderlyEnd;
import io.tailrace.service.life.ProcessEnd;
import io.tailrace.service.life.ReadyLine;
import io.tailrace.service.trace.Traces;
import java.time.InstantSource;
import java.util.function.ToDoubleFunction;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Wires the coordinator. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(CoordinatorSettings.class)
@Import(KitConfiguration.class)
public class CoordinatorConfiguration {
    @Bean
    CoordinatorMetrics coordinatorMetrics(MeterRegistry registry) {
        return new CoordinatorMetrics(registry, InstantSource.system());
    }

    @Bean(initMethod = "start", destroyMethod = "close")
    StreamsSupervisor streamsSupervisor(
            KafkaClients kafka,
            KafkaSettings topics,
            CoordinatorSettings settings,
            @Value("${tailrace.instance:coordinator}") String instance,
            CoordinatorMetrics metrics,
            MeterRegistry registry,
            Traces traces,
            ReadyLine readyLine,
            OrderlyEnd process) {
        StreamsSupervisor supervisor = new StreamsSupervisor(
                kafka,
                topics,
                settings,
                instance,
                metrics,
                new SessionClients(),
                new SpineAhead(SpineAhead.MOST),
                InstantSource.system(),
                traces,
                new StreamsSupervisor.Listener() {
                    @Override
                    public void ready() {
                        readyLine.ready();
                    }

                    @Override
                    public void end(ProcessEnd why, String reason) {
                        process.end(why, reason);
                    }
                });
        gauge(
                registry,
                supervisor,
                "oldest.command.seconds",
                "The age of the oldest undecided command",
                it -> it.oldestCommandAge().toMillis() / 1000.0);
        gauge(
                registry,
                supervisor,
                "standstill.seconds",
                "How long something has waited with nothing committed",
                it -> it.standing().toMillis() / 1000.0);
        FunctionCounter.builder("tailrace.coordinator.new.sessions", supervisor, StreamsSupervisor::newSessions)
                .description("Sessions of Kafka Streams that were started after one had failed")
                .register(registry);
        return supervisor;
    }

    /** In the readiness group: whether decisions are being made. */
    @Bean
    HealthIndicator topologyHealthIndicator(StreamsSupervisor supervisor, CoordinatorMetrics metrics) {
        return () -> supervisor
                .fault()
                .map(fault -> Health.outOfService().withDetail("fault", fault))
                .orElseGet(Health::up)
                .withDetail(
                        "oldestUndecidedCommandSeconds",
                        supervisor.oldestCommandAge().toSeconds())
                .withDetail("standstillSeconds", supervisor.standing().toSeconds())
                .withDetail("newSessions", supervisor.newSessions())
                .withDetail("lastRewoundInput", metrics.lastRewound().orElse("none"))
                .withDetail("lastThreadFailure", supervisor.lastFailure().orElse("none"))
                .build();
    }

    /** Not in the readiness group: what is wrong with single runs, which a restart does not mend. */
    @Bean
    HealthIndicator runsHealthIndicator(CoordinatorMetrics metrics) {
        return () -> {
            boolean sound =
                    metrics.unreadableStates() == 0 && metrics.lostRuns() == 0 && metrics.failedDecisions() == 0;
            return (sound ? Health.up() : Health.down())
                    .withDetail("unreadableStates", metrics.unreadableStates())
                    .withDetail("lostRuns", metrics.lostRuns())
                    .withDetail("failedDecisions", metrics.failedDecisions())
                    .build();
        };
    }

    private static void gauge(
            MeterRegistry registry,
            StreamsSupervisor supervisor,
            String name,
            String description,
            ToDoubleFunction<StreamsSupervisor> value) {
        Gauge.builder("tailrace.coordinator." + name, supervisor, value)
                .description(description)
                .register(registry);
    }
}
