package io.tailrace.runlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tailrace.events.reading.RunReader;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Replays are there as long as somebody reads them, and are counted once. */
class ReplaysTest {
    private static final RunLogLimits LIMITS =
            new RunLogLimits(64 << 10, 64 << 10, 1 << 20, 1 << 20, 4, Duration.ofSeconds(1));

    private final MemoryLog log = new MemoryLog();
    private final AtomicInteger inAll = new AtomicInteger();
    private final Replays replays =
            new Replays(LogRecords.RUN, log, LIMITS, inAll, new LogMeters(new SimpleMeterRegistry(), "tailrace.test"));

    private Replay begin() {
        return replays.begin(RunReader.fromStart(LogRecords.RUN, MemoryLog.PARTITION, 42, 0));
    }

    @Test
    void aReplayIsSharedAndGoneWithItsLastReader() {
        Replay replay = begin();
        assertThat(replays.shared(0)).contains(replay);
        replays.leave(replay);
        assertThat(inAll).hasValue(1);
        assertThat(replays.count()).isOne();
        replays.leave(replay);
        assertThat(inAll).hasValue(0);
        assertThat(replays.count()).as("nothing is kept of it").isZero();
        assertThat(replays.shared(0)).isEmpty();
    }

    @Test
    void whoComesWhileTheLastReaderGoesBeginsAnother() {
        Replay replay = begin();
        // As if the list of replays had been read just before.
        assertThat(replay.leave()).isZero();
        assertThat(replay.join(0, 4096)).isFalse();
    }
}
