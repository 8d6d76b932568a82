package io.tailrace.builds.service;

import io.micrometer.core.instrument.MeterRegistry;
import io.tailrace.builds.artifact.ArtifactSource;
import io.tailrace.builds.artifact.KafkaArtifacts;
import io.tailrace.builds.stage.WorkerProperties;
import io.tailrace.events.codec.EventCodec;
import io.tailrace.events.id.EventId;
import io.tailrace.events.id.WorkerId;
import io.tailrace.events.stage.BuildFact;
import io.tailrace.events.work.BuildRequest;
import io.tailrace.sandbox.folder.WorkerFolder;
import io.tailrace.sandbox.isolation.Isolation;
import io.tailrace.service.kafka.KafkaClients;
import io.tailrace.service.kafka.KafkaSettings;
import io.tailrace.service.life.OrderlyEnd;
import io.tailrace.service.life.ReadyLine;
import io.tailrace.service.trace.Traces;
import io.tailrace.worker.position.PositionReader;
import io.tailrace.worker.queue.Worker;
import io.tailrace.worker.queue.WorkerSettings;
import io.tailrace.worker.result.CallArguments;
import io.tailrace.worker.result.LoggedCallArguments;
import io.tailrace.worker.result.LoggedResults;
import io.tailrace.worker.result.StepResults;
import io.tailrace.worker.service.WorkerLife;
import io.tailrace.worker.service.WorkerLiveness;
import io.tailrace.worker.service.WorkerReadiness;
import io.tailrace.worker.stage.StageCodec;
import io.tailrace.worker.stage.StageExecutor;
import java.io.IOException;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the worker into its process. */
@Configuration(proxyBeanMethods = false)
public class ServiceConfiguration {

    private static final Logger log = LoggerFactory.getLogger(ServiceConfiguration.class);

    private static final String GROUP = "tailrace-build-workers";
    private static final int SUFFIX_LENGTH = 8;

    @Bean
    WorkerSettings workerSettings(WorkerProperties worker) {
        String suffix = UUID.randomUUID().toString().substring(0, SUFFIX_LENGTH);
        return WorkerSettings.of(new WorkerId(worker.id() + "-" + suffix), GROUP, worker.slots());
    }

    @Bean
    InstantSource clock() {
        return InstantSource.system();
    }

    @Bean
    ArtifactSource artifactSource(KafkaClients kafka, WorkerSettings settings) {
        return new KafkaArtifacts(kafka, settings.id().value());
    }

    @Bean(destroyMethod = "close")
    PositionReader positionReader(KafkaClients kafka, WorkerSettings settings) {
        return new PositionReader(kafka, settings.id().value());
    }

    @Bean
    StepResults stepResults(PositionReader reader, EventCodec codec) {
        return new LoggedResults(reader, codec);
    }

    @Bean
    CallArguments callArguments(PositionReader reader, EventCodec codec) {
        return new LoggedCallArguments(reader, codec);
    }

    /** Closed by its life, before what its builds need. */
    @Bean(destroyMethod = "")
    Worker<BuildRequest, BuildFact> worker(
            KafkaClients kafka,
            KafkaSettings topics,
            WorkerSettings settings,
            StageCodec<BuildRequest, BuildFact> stages,
            StageExecutor<BuildRequest, BuildFact> executor,
            EventCodec codec,
            MeterRegistry registry,
            Traces traces) {
        return new Worker<>(
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
    }

    @Bean
    WorkerLife workerLife(
            Worker<BuildRequest, BuildFact> worker, WorkerFolder folder, ReadyLine line, OrderlyEnd process) {
        return new WorkerLife(worker, () -> clearLeftBehind(folder), line, process);
    }

    private static void clearLeftBehind(WorkerFolder folder) {
        try {
            int found = folder.clearLeftBehind();
            if (found > 0) {
                log.info("Ended what {} dead workers had left", found);
            }
        } catch (IOException | RuntimeException e) {
            log.error("What dead workers left could not be cleared", e);
        }
    }

    /** In the readiness group: whether it takes work. */
    @Bean
    HealthIndicator workerHealthIndicator(Worker<BuildRequest, BuildFact> worker, Isolation isolation) {
        Map<String, String> details = new LinkedHashMap<>();
        details.put("isolation", isolation.modeName());
        details.put("network", isolation.network().name().toLowerCase(Locale.ROOT));
        isolation.weakness().ifPresent(text -> details.put("isolation_weakness", text));
        return new WorkerReadiness(worker, details);
    }

    /** In the liveness group: whether a restart would help. */
    @Bean
    HealthIndicator workerAliveHealthIndicator(Worker<BuildRequest, BuildFact> worker) {
        return new WorkerLiveness(worker);
    }
}
