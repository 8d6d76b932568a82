package io.tailrace.turn.service;

import io.micrometer.core.instrument.MeterRegistry;
import io.tailrace.events.codec.EventCodec;
import io.tailrace.events.id.EventId;
import io.tailrace.events.id.WorkerId;
import io.tailrace.events.stage.TurnFact;
import io.tailrace.events.work.TurnRequest;
import io.tailrace.service.kafka.KafkaClients;
import io.tailrace.service.kafka.KafkaSettings;
import io.tailrace.service.life.OrderlyEnd;
import io.tailrace.service.life.ReadyLine;
import io.tailrace.service.trace.Traces;
import io.tailrace.turn.catalogue.Catalogues;
import io.tailrace.turn.stage.WorkerProperties;
import io.tailrace.worker.position.PositionReader;
import io.tailrace.worker.queue.Worker;
import io.tailrace.worker.queue.WorkerSettings;
import io.tailrace.worker.queue.WorkerState;
import io.tailrace.worker.service.WorkerLife;
import io.tailrace.worker.service.WorkerLiveness;
import io.tailrace.worker.service.WorkerReadiness;
import io.tailrace.worker.stage.StageCodec;
import io.tailrace.worker.stage.StageExecutor;
import java.time.InstantSource;
import java.util.Map;
import java.util.UUID;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the worker into its process. */
@Configuration(proxyBeanMethods = false)
public class ServiceConfiguration {
    private static final String GROUP = "tailrace-turn-workers";
    private static final int SUFFIX_LENGTH = 8;

    @Bean
    WorkerSettings workerSettings(WorkerProperties worker) {
        String suffix = UUID.randomUUID().toString().substring(0, SUFFIX_LENGTH);
        return WorkerSettings.of(new WorkerId(worker.id() + "-" + suffix), GROUP, worker.slots());
    }

    @Bean(destroyMethod = "close")
    PositionReader positionReader(KafkaClients kafka, WorkerSettings settings) {
        return new PositionReader(kafka, settings.id().value());
    }

    /** Closed by its life, before what its turns need. */
    @Bean(destroyMethod = "")
    Worker<TurnRequest, TurnFact> worker(
            KafkaClients kafka,
            KafkaSettings topics,
            WorkerSettings settings,
            StageCodec<TurnRequest, TurnFact> stages,
            StageExecutor<TurnRequest, TurnFact> executor,
            EventCodec codec,
            Catalogues catalogues,
            MeterRegistry registry,
            Traces traces) {
        Worker<TurnRequest, TurnFact> worker = new Worker<>(
                kafka,
                settings,
                topics.topics(),
                stages,
                executor,
                codec,
                registry,
                () -> EventId.of(UUID.randomUUID()),
                InstantSource.system(),
                traces);
        // Not before: then the log is there, and has its topics.
        worker.onState(state -> {
            if (state instanceof WorkerState.Ready) {
                catalogues.start();
            }
        });
        return worker;
    }

    @Bean
    WorkerLife workerLife(Worker<TurnRequest, TurnFact> worker, ReadyLine line, OrderlyEnd process) {
        return new WorkerLife(worker, () -> {}, line, process);
    }

    /** In the readiness group: whether it takes work. */
    @Bean
    HealthIndicator workerHealthIndicator(Worker<TurnRequest, TurnFact> worker) {
        return new WorkerReadiness(worker, Map.of());
    }

    /** In the liveness group: whether a restart would help. */
    @Bean
    HealthIndicator workerAliveHealthIndicator(Worker<TurnRequest, TurnFact> worker) {
        return new WorkerLiveness(worker);
    }
}
