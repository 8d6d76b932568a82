package io.tailrace.worker.service;

import io.tailrace.service.kafka.KafkaClients;
import io.tailrace.worker.queue.Worker;
import io.tailrace.worker.queue.WorkerState;
import java.util.Map;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Up while the worker takes work. */
public final class WorkerReadiness implements HealthIndicator {

    private final Worker<?, ?> worker;
    private final Map<String, String> details;

    /**
     * The readiness of this worker.
     *
     * @param details what an operator is told besides
     */
    public WorkerReadiness(Worker<?, ?> worker, Map<String, String> details) {
        this.worker = worker;
        this.details = Map.copyOf(details);
    }

    @Override
    public Health health() {
        Health.Builder health = state();
        details.forEach(health::withDetail);
        return health.build();
    }

    private Health.Builder state() {
        return switch (worker.state()) {
            case WorkerState.Ready _ -> Health.up();
            case WorkerState.Starting(String waitingFor) ->
                Health.outOfService().withDetail("waiting_for", waitingFor);
            case WorkerState.Rejoining(String waitingFor, Throwable cause) ->
                Health.outOfService().withDetail("waiting_for", waitingFor).withException(KafkaClients.reason(cause));
            case WorkerState.Stopping _ -> Health.outOfService().withDetail("state", "stopping");
            case WorkerState.Failed(Throwable cause) -> Health.down(cause);
        };
    }
}
