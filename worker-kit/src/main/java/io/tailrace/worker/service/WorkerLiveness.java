package io.tailrace.worker.service;

import io.tailrace.worker.queue.Worker;
import io.tailrace.worker.queue.WorkerState;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Down when the worker has failed and will not recover. */
public final class WorkerLiveness implements HealthIndicator {

    private final Worker<?, ?> worker;

    /** The health of this worker. */
    public WorkerLiveness(Worker<?, ?> worker) {
        this.worker = worker;
    }

    @Override
    public Health health() {
        return switch (worker.state()) {
            case WorkerState.Failed(Throwable cause) -> Health.down(cause).build();
            case WorkerState.Starting _, WorkerState.Ready _, WorkerState.Rejoining _, WorkerState.Stopping _ ->
                Health.up().build();
        };
    }
}
