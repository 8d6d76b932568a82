package io.tailrace.coordinator.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tailrace.events.id.RunId;
import io.tailrace.events.id.StageId;
import io.tailrace.events.run.Outcome;
import io.tailrace.events.run.RunFact;
import io.tailrace.local.testing.TestKafka;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A coordinator that is given a tenth of a core: everything is slow, and nothing is wrong. */
class SlowMachineTest {
    private static final int PARTITIONS = 3;
    private static final int RUNS = 4;
    private static final Path CPULIMIT = Path.of("/usr/bin/cpulimit");
    private static final Duration SLOWLY = Duration.ofMinutes(2);

    @TempDir
    private Path folder;

    private final ScheduledExecutorService hearts = Executors.newScheduledThreadPool(1);
    private LiveLog log;
    private FakeWorker worker;

    @BeforeEach
    void start() throws Exception {
        assumeTrue(
                Files.isExecutable(CPULIMIT), "cpulimit is not there, so nothing is tested of a machine that is slow");
        log = new LiveLog(TestKafka.shared().bootstrapServers(), PARTITIONS);
        worker = new FakeWorker(log, PARTITIONS);
    }

    @AfterEach
    void end() {
        hearts.shutdownNow();
        worker.close();
        log.close();
    }

    @Test
    void aTenthOfACoreIsSlowAndNotFaulty() throws Exception {
        try (CoordinatorProcess coordinator =
                CoordinatorProcess.start(TestKafka.shared().bootstrapServers(), PARTITIONS, folder)) {
            List<RunId> held = new ArrayList<>();
            List<BeatingHolder> holders = new ArrayList<>();
            for (int i = 0; i < RUNS; i++) {
                RunId run = log.create(1);
                StageId stage = StageId.of(run, 1);
                worker.awaitRequest(stage, 1);
                held.add(run);
                holders.add(new BeatingHolder(worker.claim(stage, 1, "worker-one"), hearts));
                log.awaitFact(run, RunFact.RunProgress.class);
            }
            Process limit = new ProcessBuilder(CPULIMIT.toString(), "-p", "" + coordinator.pid(), "-l", "10")
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("cpulimit.log").toFile())
                    .start();
            try {
                decidesMeanwhile();
                for (int i = 0; i < RUNS; i++) {
                    holders.get(i).lines(20);
                    holders.get(i).complete();
                }
                for (RunId run : held) {
                    await().atMost(SLOWLY).until(() -> log.types(run).contains("run.completed"));
                }
                assertThat(limit.isAlive()).as("it was slow until the end").isTrue();
            } finally {
                // In order: it lets the process go on at its end.
                limit.destroy();
                assertThat(limit.waitFor(10, TimeUnit.SECONDS)).isTrue();
            }
            for (RunId run : held) {
                RunFact.RunCompleted completed = log.awaitFact(run, RunFact.RunCompleted.class);
                assertThat(completed.outcome()).isEqualTo(Outcome.SUCCEEDED);
                assertThat(completed.attempts())
                        .as("no healthy build was dispatched again")
                        .isOne();
            }
            assertThat(coordinator.log())
                    .doesNotContain("A stream thread failed")
                    .doesNotContain("the session ends")
                    .doesNotContain("Starting anew")
                    .doesNotContain("has no outcome");
        }
    }

    /** Half a minute and more in which commands come one after the other, and each is decided. */
    private void decidesMeanwhile() {
        long since = System.nanoTime();
        int decided = 0;
        while (System.nanoTime() - since < Duration.ofSeconds(30).toNanos()) {
            RunId run = log.create(1);
            await().atMost(SLOWLY).until(() -> log.types(run).contains("stage.requested"));
            log.cancel(run);
            await().atMost(SLOWLY).until(() -> log.types(run).contains("run.completed"));
            decided += 2;
        }
        System.out.printf(
                "%d commands in %d s on a tenth of a core%n",
                decided, Duration.ofNanos(System.nanoTime() - since).toSeconds());
    }
}
