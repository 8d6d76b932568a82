package io.tailrace.worker.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tailrace.events.codec.EventCodec;
import io.tailrace.events.id.EventId;
import io.tailrace.events.id.StageId;
import io.tailrace.events.id.WorkerId;
import io.tailrace.events.stage.BuildFact;
import io.tailrace.events.work.BuildRequest;
import io.tailrace.local.broker.BrokerSettings;
import io.tailrace.local.broker.EmbeddedBroker;
import io.tailrace.service.kafka.KafkaClients;
import io.tailrace.service.trace.Traces;
import io.tailrace.worker.testing.TestLog;
import io.tailrace.worker.testing.TestStages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The brokers forget the share group of workers that run. */
@Timeout(120)
class LostQueueTest {

    private static final Duration SOON = Duration.ofSeconds(30);

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @TempDir
    Path folder;

    @Test
    void aWorkerWhoseGroupIsNotKnownAnyMoreJoinsItAnew() throws Exception {
        StageId before = TestLog.anyStage();
        StageId after = TestLog.anyStage();
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder, BrokerSettings.forTests());
                TestLog log = new TestLog(broker.bootstrapServers());
                Worker<BuildRequest, BuildFact> worker = worker(log.servers())) {
            worker.start();
            log.dispatch(before);
            await().atMost(SOON).until(() -> log.facts(before).contains(TestStages.completed()));
            log.sayFinished(before);

            broker.stop();
            forgetGroups();
            broker.restart();
            await().atMost(SOON)
                    .until(() ->
                            registry.counter("tailrace.worker.queue.rejoins").count() >= 1);
            log.dispatch(after);

            await().atMost(SOON).until(() -> log.facts(after).contains(TestStages.completed()));
            assertThat(worker.state()).isInstanceOf(WorkerState.Ready.class);
            // The group reads its queue from the beginning: what it had done is not done again.
            assertThat(log.facts(before))
                    .containsExactly(new BuildFact.AttemptStarted("commands"), TestStages.completed());
        }
    }

    /** A name that is not known yet, as of a container that starts later; a certificate that cannot be read looks the same. */
    @Test
    void aWorkerForWhichNoClientCanBeMadeWaitsAndSaysWhy() {
        try (Worker<BuildRequest, BuildFact> worker = worker("no-such-broker.invalid:9092")) {
            worker.start();

            await().atMost(SOON)
                    .until(() -> worker.state() instanceof WorkerState.Starting(String waitingFor)
                            && waitingFor.contains("No resolvable bootstrap"));
        }
    }

    private void forgetGroups() throws IOException {
        List<Path> partitions;
        try (Stream<Path> all = Files.list(folder.resolve("log"))) {
            partitions = all.filter(it -> it.getFileName().toString().startsWith("__consumer_offsets-"))
                    .toList();
        }
        assertThat(partitions).isNotEmpty();
        for (Path partition : partitions) {
            try (Stream<Path> files = Files.walk(partition)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private Worker<BuildRequest, BuildFact> worker(String servers) {
        return new Worker<>(
                KafkaClients.at(servers),
                new WorkerSettings(
                        new WorkerId("worker-1"),
                        "workers",
                        1,
                        Duration.ofSeconds(5),
                        Duration.ofMillis(300),
                        Duration.ofSeconds(10)),
                TestLog.TOPICS,
                new TestStages(),
                (_, facts, _) -> facts.end(TestStages.completed()),
                new EventCodec(),
                registry,
                () -> EventId.of(UUID.randomUUID()),
                InstantSource.system(),
                Traces.NONE);
    }
}
