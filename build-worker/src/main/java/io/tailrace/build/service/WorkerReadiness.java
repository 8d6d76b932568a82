package io.tailrace.build.service;

import io.tailrace.worker.queue.Worker;
import io.tailrace.worker.queue.WorkerState;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Up while the worker takes work. */
final class WorkerReadiness implements HealthIndicator {

    private final Worker<?, ?> worker;

    WorkerReadiness(Worker<?, ?> worker) {
        this.worker = worker;
    }

    @Override
    public Health health() {
        return switch (worker.state()) {
            case WorkerState.Ready _ -> Health.up().build();
            case WorkerState.Starting(String waitingFor) ->
                Health.outOfService().withDetail("waiting_for", waitingFor).build();
            case WorkerState.Stopping _ ->
                Health.outOfService().withDetail("state", "stopping").build();
            case WorkerState.Failed(Throwable cause) -> Health.down(cause).build();
        };
    }
}
