package io.tailrace.build.service;

import io.tailrace.build.isolation.Isolation;
import io.tailrace.worker.queue.Worker;
import io.tailrace.worker.queue.WorkerState;
import java.util.Locale;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Up while the worker takes work. */
final class WorkerReadiness implements HealthIndicator {

    private final Worker<?, ?> worker;
    private final Isolation isolation;

    WorkerReadiness(Worker<?, ?> worker, Isolation isolation) {
        this.isolation = isolation;
        this.worker = worker;
    }

    @Override
    public Health health() {
        Health.Builder health = state();
        health.withDetail("isolation", isolation.modeName());
        health.withDetail("network", isolation.network().name().toLowerCase(Locale.ROOT));
        isolation.weakness().ifPresent(text -> health.withDetail("isolation_weakness", text));
        return health.build();
    }

    private Health.Builder state() {
        return switch (worker.state()) {
            case WorkerState.Ready _ -> Health.up();
            case WorkerState.Starting(String waitingFor) ->
                Health.outOfService().withDetail("waiting_for", waitingFor);
            case WorkerState.Stopping _ -> Health.outOfService().withDetail("state", "stopping");
            case WorkerState.Failed(Throwable cause) -> Health.down(cause);
        };
    }
}
