package io.tailrace.worker.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tailrace.events.codec.EventCodec;
import io.tailrace.events.id.EventId;
import io.tailrace.events.id.WorkerId;
import io.tailrace.events.stage.BuildFact;
import io.tailrace.events.work.BuildRequest;
import io.tailrace.service.kafka.KafkaClients;
import io.tailrace.service.life.OrderlyEnd;
import io.tailrace.service.life.ReadyLine;
import io.tailrace.service.trace.Traces;
import io.tailrace.worker.queue.Worker;
import io.tailrace.worker.queue.WorkerSettings;
import io.tailrace.worker.queue.WorkerState;
import io.tailrace.worker.testing.MortalStages;
import io.tailrace.worker.testing.TestLog;
import io.tailrace.worker.testing.TestStages;
import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.context.support.GenericApplicationContext;

/** How a worker's process ends; supervisors tell what to do from its exit code. */
@Timeout(120)
class WorkerLifeTest {
    private static final Duration SOON = Duration.ofSeconds(60);

    private final MortalStages stages = new MortalStages();
    private final List<Integer> exits = new CopyOnWriteArrayList<>();

    @Test
    void aWorkerWhoseThreadDiesEndsItsProcessAndTheNextCanWork() throws Exception {
        try (TestLog log = new TestLog();
                GenericApplicationContext context = context();
                Worker<BuildRequest, BuildFact> worker = worker(log, "mortal-workers")) {
            life(worker, context).start();
            await().atMost(SOON).until(() -> worker.state() instanceof WorkerState.Ready);

            stages.die();
            log.dispatch(TestLog.anyStage());

            await().atMost(SOON).until(() -> exits.equals(List.of(3)));
            assertThat(context.isActive()).isFalse();
        }
    }

    @Test
    void aWorkerThatCannotStartEndsItsProcessAndTheNextCannotEither() throws Exception {
        try (TestLog log = new TestLog();
                GenericApplicationContext context = context();
                Worker<BuildRequest, BuildFact> worker = worker(log, "")) {
            life(worker, context).start();

            await().atMost(SOON).until(() -> exits.equals(List.of(2)));
        }
    }

    private static GenericApplicationContext context() {
        GenericApplicationContext context = new GenericApplicationContext();
        context.refresh();
        return context;
    }

    private WorkerLife life(Worker<BuildRequest, BuildFact> worker, GenericApplicationContext context) {
        ReadyLine line = new ReadyLine("test-worker", "http", InetAddress.getLoopbackAddress(), _ -> {});
        OrderlyEnd process = new OrderlyEnd(context, Duration.ofMinutes(1), exits::add, exits::add);
        return new WorkerLife(worker, () -> {}, line, process);
    }

    private Worker<BuildRequest, BuildFact> worker(TestLog log, String group) {
        return new Worker<>(
                KafkaClients.at(log.servers()),
                new WorkerSettings(
                        new WorkerId("worker-1"),
                        group,
                        1,
                        Duration.ofSeconds(5),
                        Duration.ofMillis(300),
                        Duration.ofSeconds(10)),
                TestLog.TOPICS,
                stages,
                (_, facts, _) -> facts.end(TestStages.completed()),
                new EventCodec(),
                new SimpleMeterRegistry(),
                () -> EventId.of(UUID.randomUUID()),
                InstantSource.system(),
                Traces.NONE);
    }
}
