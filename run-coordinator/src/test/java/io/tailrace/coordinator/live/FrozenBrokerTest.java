package io.tailrace.coordinator.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tailrace.events.id.RunId;
import io.tailrace.local.broker.BrokerSettings;
import io.tailrace.local.broker.EmbeddedBroker;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * A broker that stands still, under load and at random moments of commits, for longer than each of the time-outs in turn,
 * and then goes on: half a minute later everything is decided. {@code -Dtailrace.freezes=50} tries as often (about half a
 * minute each), {@code -Dtailrace.freezes.seed} with other moments, {@code -Dtailrace.freezes.of=27} with freezes of so many
 * seconds alone.
 *
 * <p>Three are tried by default, of 3, 12 and 17 s. In what a failure leaves, the temporary folder has the broker's log and
 * what the coordinators said.
 */
@Timeout(value = 1, unit = TimeUnit.DAYS)
class FrozenBrokerTest {
    private static final int PARTITIONS = 3;
    private static final int FREEZES = Integer.getInteger("tailrace.freezes", 3);
    private static final long SEED = Long.getLong("tailrace.freezes.seed", 8L);
    private static final int OF = Integer.getInteger("tailrace.freezes.of", 0);
    private static final Duration DECIDED_WITHIN = Duration.ofSeconds(30);

    /**
     * Longer than: a heartbeat, session and request and transaction, what a commit blocks, a delivery, the poll interval.
     * The first ones are tried the most often.
     */
    private static final List<Duration> TIMEOUTS = Stream.of(
                    Duration.ofSeconds(3),
                    Duration.ofSeconds(12),
                    Duration.ofSeconds(17),
                    Duration.ofSeconds(9),
                    Duration.ofSeconds(12),
                    Duration.ofSeconds(17),
                    Duration.ofSeconds(27),
                    Duration.ofSeconds(17),
                    Duration.ofSeconds(12),
                    Duration.ofSeconds(62))
            .filter(it -> OF == 0 || it.toSeconds() == OF)
            .toList();

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    private final Random random = new Random(SEED);
    private final List<RunId> created = new CopyOnWriteArrayList<>();
    private final CountDownLatch enough = new CountDownLatch(1);
    private EmbeddedBroker broker;
    private CoordinatorProcess coordinator;
    private int startedAgain;

    @BeforeEach
    void start() throws Exception {
        broker = EmbeddedBroker.start(folder.resolve("broker"), BrokerSettings.forTests());
        coordinator = startCoordinator();
    }

    @AfterEach
    void end() {
        enough.countDown();
        coordinator.close();
        broker.killHard();
    }

    @Test
    void everythingIsDecidedHalfAMinuteAfterTheBrokerGoesOn() throws Exception {
        assertThat(TIMEOUTS).as("freezes of %d s", OF).isNotEmpty();
        try (LiveLog log = new LiveLog(broker.bootstrapServers(), PARTITIONS)) {
            Thread load = Thread.ofPlatform().name("load").start(() -> load(log));
            long slowest = 0;
            for (int i = 0; i < FREEZES; i++) {
                Duration frozen = TIMEOUTS.get(i % TIMEOUTS.size());
                int before = sessions();
                freeze(frozen);
                List<RunId> waiting = List.copyOf(created);
                long since = System.nanoTime();
                await().atMost(DECIDED_WITHIN)
                        .pollInterval(Duration.ofMillis(100))
                        .until(() -> {
                            restartIfItEnded();
                            return waiting.stream().allMatch(it -> isDecided(log, it));
                        });
                for (RunId run : waiting) {
                    assertThat(log.types(run)).as("nothing twice of %s", run).doesNotHaveDuplicates();
                }
                long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - since);
                slowest = Math.max(slowest, millis);
                System.out.printf(
                        "freeze %d of %d s: all of %d runs decided %d ms after it, %d new sessions%n",
                        i + 1, frozen.toSeconds(), waiting.size(), millis, sessions() - before);
            }
            enough.countDown();
            load.join();
            await().atMost(DECIDED_WITHIN).until(() -> created.stream().allMatch(it -> isDecided(log, it)));
            for (RunId run : created) {
                assertThat(log.types(run)).as("nothing twice of %s", run).doesNotHaveDuplicates();
            }
            System.out.printf(
                    "%d freezes, slowest %d ms, %d sessions ended, process started again %d times%n",
                    FREEZES, slowest, sessions(), startedAgain);
        }
    }

    private CoordinatorProcess startCoordinator() throws IOException {
        return CoordinatorProcess.start(broker.bootstrapServers(), PARTITIONS, folder.resolve("coordinator"));
    }

    /** As whoever supervises it does. */
    private void restartIfItEnded() throws IOException {
        if (!coordinator.isAlive()) {
            assertThat(coordinator.exitCode()).as(coordinator.log()).isEqualTo(3);
            coordinator = startCoordinator();
            startedAgain++;
        }
    }

    private int sessions() {
        return coordinator.log().split("the session ends|Starting anew|starting anew", -1).length - 1;
    }

    /** Every other run is canceled as soon as it is created. */
    private void load(LiveLog log) {
        try {
            while (!enough.await(20 + random.nextInt(60), TimeUnit.MILLISECONDS)) {
                RunId run = log.create(1);
                if (created.size() % 2 == 0) {
                    log.cancel(run);
                }
                created.add(run);
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private boolean isDecided(LiveLog log, RunId run) {
        List<String> types = log.types(run);
        return types.contains(created.indexOf(run) % 2 == 0 ? "run.completed" : "stage.requested");
    }

    private void freeze(Duration duration) throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        assertThat(never.await(500 + random.nextInt(1000), TimeUnit.MILLISECONDS))
                .isFalse();
        signal("STOP");
        try {
            assertThat(never.await(duration.toMillis(), TimeUnit.MILLISECONDS)).isFalse();
        } finally {
            signal("CONT");
        }
    }

    private void signal(String name) throws Exception {
        assertThat(new ProcessBuilder("kill", "-" + name, "" + broker.pid())
                        .start()
                        .waitFor())
                .isZero();
    }
}
