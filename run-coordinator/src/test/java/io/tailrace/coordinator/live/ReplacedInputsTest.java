package io.tailrace.coordinator.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tailrace.events.id.RunId;
import io.tailrace.events.id.StageId;
import io.tailrace.events.kafka.TopicSettings;
import io.tailrace.events.kafka.Topics;
import io.tailrace.events.log.Topic;
import io.tailrace.events.run.Outcome;
import io.tailrace.events.run.RunFact;
import io.tailrace.events.run.RunFact.RunCompleted;
import io.tailrace.events.run.RunFact.StageRedispatched;
import io.tailrace.local.broker.BrokerSettings;
import io.tailrace.local.broker.EmbeddedBroker;
import io.tailrace.local.folder.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Input topics that are made anew, cut off, or committed beyond their end, on a broker of their own. */
class ReplacedInputsTest {
    private static final String GROUP = "tailrace-coordinator";
    private static final TopicPartition COMMANDS = new TopicPartition(Topic.RUN_COMMANDS.topicName(), 0);
    private static final TopicPartition STAGES = new TopicPartition(Topic.BUILD_EVENTS.topicName(), 0);

    @TempDir
    private Path folder;

    private final List<AutoCloseable> open = new ArrayList<>();
    private final ScheduledExecutorService hearts = Executors.newSingleThreadScheduledExecutor();
    private EmbeddedBroker broker;
    private Admin admin;
    private LiveLog log;

    @BeforeEach
    void start() throws Exception {
        broker = EmbeddedBroker.start(folder.resolve("kafka"), BrokerSettings.forTests());
        open.add(broker::killHard);
        admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
        open.add(admin);
        log = new LiveLog(broker.bootstrapServers(), 1);
        open.add(log);
    }

    @AfterEach
    void end() throws Exception {
        hearts.shutdownNow();
        for (AutoCloseable it : open.reversed()) {
            it.close();
        }
    }

    @Test
    void commandsMadeAnewWhileNobodyReadsAreDecidedFromTheirBeginning() throws Exception {
        List<RunId> before;
        try (RunningCoordinator _ = coordinator()) {
            before = decided(create(3));
        }
        makeAnew(Topic.RUN_COMMANDS);
        List<RunId> after = create(5);
        commit(before.size());

        try (RunningCoordinator running = coordinator()) {
            decided(after);
            assertThat(running.get("/actuator/prometheus").body())
                    .contains("tailrace_coordinator_inputs_rewound_total{topic=\"tailrace.run-commands\"} 1.0");
            assertThat(running.get("/actuator/health").body()).contains("tailrace.run-commands-0");
        }
        onceEach(before);
        onceEach(after);
    }

    @Test
    void commandsMadeAnewWhileTheyAreReadAreDecidedFromTheirBeginning() throws Exception {
        try (RunningCoordinator _ = coordinator()) {
            List<RunId> before = decided(create(3));
            makeAnew(Topic.RUN_COMMANDS);
            List<RunId> after = log.createAtOnce(50);
            decided(after);
            onceEach(before);
            onceEach(after);
        }
    }

    @Test
    void commandsThatWereDeletedHoldNobodyUp() throws Exception {
        try (RunningCoordinator _ = coordinator()) {
            decided(create(2));
        }
        List<RunId> lost = create(2);
        long end = end(COMMANDS);
        admin.deleteRecords(Map.of(COMMANDS, RecordsToDelete.beforeOffset(end)))
                .all()
                .get();
        List<RunId> after = create(2);
        try (RunningCoordinator _ = coordinator()) {
            decided(after);
        }
        onceEach(after);
        assertThat(lost).allSatisfy(it -> assertThat(log.types(it)).isEmpty());
    }

    @Test
    void anOffsetThatIsCommittedBeyondTheEndSkipsNothing() throws Exception {
        List<RunId> before;
        try (RunningCoordinator _ = coordinator()) {
            before = decided(create(3));
        }
        commit(6);
        List<RunId> after = create(5);
        try (RunningCoordinator _ = coordinator()) {
            decided(after);
        }
        onceEach(before);
        onceEach(after);
    }

    @Test
    void aStageWhoseTopicIsMadeAnewIsGivenToAnotherAtOnce() throws Exception {
        FakeWorker worker = new FakeWorker(log, 1);
        open.add(worker);
        StageId stage = heldWhileNobodyDecides(worker);
        RunId run = stage.run();
        makeAnew(Topic.BUILD_EVENTS);
        try (RunningCoordinator _ = coordinator()) {
            worker.awaitRequest(stage, 2);
            StageRedispatched again = log.awaitFact(run, StageRedispatched.class);
            assertThat(again.silence()).as("not after a silence").isZero();
            FakeWorker.Holder next = worker.claim(stage, 2, "worker-two");
            next.lines(1);
            next.complete(Outcome.SUCCEEDED);
            RunCompleted completed = log.awaitFact(run, RunCompleted.class);
            assertThat(completed.outcome()).isEqualTo(Outcome.SUCCEEDED);
            assertThat(log.types(run)).containsOnlyOnce("run.created", "stage.redispatched", "run.completed");
        }
    }

    /** As after a power cut or an unclean election: the same topic, without what its stage has said. */
    @Test
    void aStageWhoseTopicHasLostItsEndIsGivenToAnotherAtOnce() throws Exception {
        FakeWorker worker = new FakeWorker(log, 1);
        open.add(worker);
        StageId stage = heldWhileNobodyDecides(worker);
        RunId run = stage.run();
        broker.stop();
        lose(Topic.BUILD_EVENTS);
        broker.restart();
        try (RunningCoordinator running = coordinator()) {
            worker.awaitRequest(stage, 2);
            StageRedispatched again = log.awaitFact(run, StageRedispatched.class);
            assertThat(again.silence()).as("not after a silence").isZero();
            FakeWorker.Holder next = worker.claim(stage, 2, "worker-two");
            next.lines(1);
            next.complete(Outcome.SUCCEEDED);
            RunCompleted completed = log.awaitFact(run, RunCompleted.class);
            assertThat(completed.outcome()).isEqualTo(Outcome.SUCCEEDED);
            assertThat(log.types(run)).containsOnlyOnce("run.created", "stage.redispatched", "run.completed");
            assertThat(running.get("/actuator/prometheus").body())
                    .contains("tailrace_coordinator_cut_off_topics_total{topic=\"tailrace.build-events\"} 1.0");
        }
    }

    /** The offsets say that nothing is missing, and the topic is the same. */
    @Test
    void aStageWhoseTopicHasLostItsEndAndHasGrownAgainIsGivenToAnotherAtOnce() throws Exception {
        FakeWorker worker = new FakeWorker(log, 1);
        open.add(worker);
        StageId stage = heldWhileNobodyDecides(worker);
        RunId run = stage.run();
        long end = end(STAGES);
        broker.stop();
        lose(Topic.BUILD_EVENTS);
        broker.restart();
        FakeWorker.Holder other = worker.claim(StageId.of(new RunId("r-other"), 1), 1, "worker-three");
        while (end(STAGES) < end + 5) {
            other.lines(1);
        }
        try (RunningCoordinator running = coordinator()) {
            worker.awaitRequest(stage, 2);
            StageRedispatched again = log.awaitFact(run, StageRedispatched.class);
            assertThat(again.silence()).as("not after a silence").isZero();
            worker.claim(stage, 2, "worker-two").complete(Outcome.SUCCEEDED);
            assertThat(log.awaitFact(run, RunCompleted.class).outcome()).isEqualTo(Outcome.SUCCEEDED);
            assertThat(log.types(run)).containsOnlyOnce("run.created", "stage.redispatched", "run.completed");
            assertThat(running.get("/actuator/prometheus").body())
                    .contains("tailrace_coordinator_inputs_rewound_total{topic=\"tailrace.build-events\"} 1.0");
        }
    }

    @Test
    void commandsThatWereLostAndHaveGrownAgainAreDecidedFromWhereTheyAreNew() throws Exception {
        List<RunId> before;
        try (RunningCoordinator _ = coordinator()) {
            before = decided(create(3));
        }
        broker.stop();
        lose(Topic.RUN_COMMANDS);
        broker.restart();
        List<RunId> after = create(6);
        try (RunningCoordinator running = coordinator()) {
            decided(after);
            assertThat(running.get("/actuator/prometheus").body())
                    .contains("tailrace_coordinator_inputs_rewound_total{topic=\"tailrace.run-commands\"} 1.0");
        }
        onceEach(before);
        onceEach(after);
    }

    /** A stage that a worker holds, and whose last record a coordinator has seen that is gone now. */
    private StageId heldWhileNobodyDecides(FakeWorker worker) throws Exception {
        BeatingHolder alive;
        StageId stage;
        try (RunningCoordinator _ = coordinator()) {
            RunId run = log.create(1);
            stage = StageId.of(run, 1);
            worker.awaitRequest(stage, 1);
            FakeWorker.Holder holder = worker.claim(stage, 1, "worker-one");
            holder.lines(3);
            log.awaitFact(run, RunFact.RunProgress.class);
            // Its end may take longer than a silence that has another give up the worker.
            alive = new BeatingHolder(holder, hearts);
        }
        alive.stop();
        return stage;
    }

    private long end(TopicPartition partition) throws Exception {
        return admin.listOffsets(Map.of(partition, OffsetSpec.latest()))
                .partitionResult(partition)
                .get()
                .offset();
    }

    private void lose(Topic topic) throws IOException {
        Path partition;
        try (Stream<Path> all = Files.walk(folder.resolve("kafka"))) {
            partition = all.filter(it -> it.getFileName().toString().equals(topic.topicName() + "-0"))
                    .findFirst()
                    .orElseThrow();
        }
        Folders.delete(partition);
    }

    private RunningCoordinator coordinator() {
        return RunningCoordinator.start(broker.bootstrapServers(), 1, folder.resolve("state"));
    }

    private List<RunId> create(int count) {
        return IntStream.range(0, count).mapToObj(_ -> log.create(1)).toList();
    }

    private List<RunId> decided(List<RunId> runs) {
        runs.forEach(it -> log.awaitFact(it, RunFact.StageRequested.class));
        return runs;
    }

    private void onceEach(List<RunId> runs) {
        runs.forEach(it -> assertThat(log.types(it)).containsExactly("run.created", "run.started", "stage.requested"));
    }

    private void makeAnew(Topic topic) throws Exception {
        admin.deleteTopics(Set.of(topic.topicName())).all().get();
        await().atMost(LiveLog.PATIENCE)
                .ignoreExceptions()
                .untilAsserted(() -> Topics.ensure(admin, new TopicSettings(1, 1, 1, Duration.ofDays(30))));
    }

    /** As one may do it by hand, and as a commit does that comes late. */
    private void commit(long offset) throws Exception {
        await().atMost(LiveLog.PATIENCE)
                .ignoreExceptions()
                .untilAsserted(
                        () -> admin.alterConsumerGroupOffsets(GROUP, Map.of(COMMANDS, new OffsetAndMetadata(offset)))
                                .all()
                                .get());
    }
}
