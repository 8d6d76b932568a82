package io.tailrace.coordinator.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tailrace.coordinator.live.LiveLog;
import io.tailrace.coordinator.topology.CoordinatorMetrics;
import io.tailrace.coordinator.topology.SpineAhead;
import io.tailrace.events.id.RunId;
import io.tailrace.events.run.RunFact;
import io.tailrace.local.testing.TestKafka;
import io.tailrace.service.kafka.KafkaClients;
import io.tailrace.service.kafka.KafkaSettings;
import io.tailrace.service.life.ProcessEnd;
import io.tailrace.service.trace.Traces;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.common.errors.ApiException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A commit that times out, and goes through later or never, on a real broker. */
class CommitTimeoutTest {
    private static final int PARTITIONS = 3;

    @TempDir
    private Path folder;

    private final List<ProcessEnd> ends = new CopyOnWriteArrayList<>();
    private final LateProducers producers = new LateProducers();
    private final List<AutoCloseable> open = new ArrayList<>();
    private LiveLog log;

    @BeforeEach
    void start() throws Exception {
        log = new LiveLog(TestKafka.shared().bootstrapServers(), PARTITIONS);
        open.add(log);
        open.add(producers::release);
    }

    @AfterEach
    void end() throws Exception {
        for (AutoCloseable it : open.reversed()) {
            it.close();
        }
    }

    @Test
    void aCommitThatCouldGoThroughLaterIsFencedBeforeTheStateIsRestored() throws Exception {
        StreamsSupervisor supervisor = supervise(new LeftBehind());
        producers.nextCommitTimesOut();
        RunId run = log.create(1);
        producers.awaitTimeout();
        await().atMost(LiveLog.PATIENCE).until(() -> supervisor.newSessions() == 1);
        log.awaitFact(run, RunFact.StageRequested.class);

        assertThatThrownBy(producers::commitLate).as("it cannot any more").isInstanceOf(ApiException.class);
        log.cancel(run);
        log.awaitFact(run, RunFact.RunCompleted.class);
        assertThat(log.types(run)).as("nothing twice").doesNotHaveDuplicates();
        assertThat(ends).isEmpty();
    }

    @Test
    void aCommitThatGoesThroughBeforeItIsFencedIsPartOfTheState() throws Exception {
        StreamsSupervisor supervisor = supervise(new LeftBehind());
        producers.nextCommitTimesOut();
        producers.goesThroughAtOnce();
        RunId run = log.create(1);
        producers.awaitTimeout();
        log.awaitFact(run, RunFact.StageRequested.class);
        log.cancel(run);
        log.awaitFact(run, RunFact.RunCompleted.class);
        assertThat(log.types(run)).as("nothing twice").doesNotHaveDuplicates();
        assertThat(supervisor.newSessions()).isOne();
        assertThat(ends).isEmpty();
    }

    /** The transaction is open still, and has what was decided; decided once more in it, everything would be there twice. */
    @Test
    void offsetsThatTimeOutLeaveATransactionThatNothingIsAddedTo() throws Exception {
        StreamsSupervisor supervisor = supervise(new LeftBehind());
        producers.nextOffsetsTimeOut();
        RunId run = log.create(1);
        producers.awaitTimeout();
        log.awaitFact(run, RunFact.StageRequested.class);
        log.cancel(run);
        log.awaitFact(run, RunFact.RunCompleted.class);

        assertThat(log.types(run)).as("nothing twice").doesNotHaveDuplicates();
        assertThat(supervisor.newSessions()).isOne();
    }

    @Test
    void aProducerThatDoesNotCloseIsLeftBehindAndTheProcessSaysSo() throws Exception {
        StreamsSupervisor supervisor = supervise(new LeftBehind(Duration.ofMillis(500)));
        producers.neverClose();
        producers.nextCommitTimesOut();
        RunId run = log.create(1);
        producers.awaitTimeout();
        await().atMost(LiveLog.PATIENCE).untilAsserted(() -> assertThat(ends).containsExactly(ProcessEnd.FAILED));
        assertThat(supervisor.fault()).get().asString().contains("left behind");

        supervisor.close();
        producers.release();
        StreamsSupervisor _ = supervise(new LeftBehind());
        log.awaitFact(run, RunFact.StageRequested.class);
    }

    private StreamsSupervisor supervise(LeftBehind leftBehind) throws Exception {
        CoordinatorSettings settings = new CoordinatorSettings(
                "tailrace-coordinator",
                folder.resolve("state"),
                1,
                0,
                Duration.ofMillis(20),
                Duration.ofMillis(5),
                Duration.ofSeconds(20),
                Duration.ofSeconds(6),
                Duration.ofSeconds(30));
        CountDownLatch runs = new CountDownLatch(1);
        StreamsSupervisor supervisor = new StreamsSupervisor(
                KafkaClients.at(TestKafka.shared().bootstrapServers()),
                new KafkaSettings(PARTITIONS, 1, 1, Duration.ofDays(30)),
                settings,
                "test",
                new CoordinatorMetrics(new SimpleMeterRegistry(), InstantSource.system()),
                new SessionClients(producers::make, leftBehind),
                new SpineAhead(SpineAhead.MOST),
                InstantSource.system(),
                Traces.NONE,
                new StreamsSupervisor.Listener() {
                    @Override
                    public void ready() {
                        runs.countDown();
                    }

                    @Override
                    public void end(ProcessEnd why, String reason) {
                        ends.add(why);
                    }
                });
        open.add(supervisor);
        supervisor.start();
        runs.await();
        return supervisor;
    }
}
