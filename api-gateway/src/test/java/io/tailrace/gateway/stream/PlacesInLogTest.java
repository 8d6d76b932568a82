package io.tailrace.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tailrace.events.id.RunId;
import io.tailrace.events.reading.CheckpointRef;
import io.tailrace.events.reading.CheckpointedPlaces;
import io.tailrace.events.reading.CheckpointedToken;
import io.tailrace.events.reading.RunCursor;
import io.tailrace.events.reading.RunPlace;
import io.tailrace.gateway.cursor.Checkpoints;
import io.tailrace.gateway.cursor.FixedCursors;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

/** When the next checkpoint of a connection is written, over a log that answers when it is told to. */
class PlacesInLogTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final SlowLog log = new SlowLog();
    private final AtomicInteger answers = new AtomicInteger();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private long now;
    private final PlacesInLog places = new PlacesInLog(
            new CheckpointedPlaces(1),
            FixedCursors.ofSubscriptions(log),
            log,
            new StreamMeters(registry, Clock.systemUTC(), new OpenStreams(1)),
            () -> now);

    private static final class SlowLog implements Checkpoints {
        final List<byte[]> values = new ArrayList<>();
        final List<CompletableFuture<CheckpointRef>> asked = new ArrayList<>();

        @Override
        public CompletableFuture<CheckpointRef> write(byte[] checkpoint) {
            values.add(checkpoint);
            asked.add(new CompletableFuture<>());
            return asked.getLast();
        }

        @Override
        public Optional<Stored> read(CheckpointRef ref) {
            throw new AssertionError("nothing is read");
        }
    }

    private static RunId run(int number) {
        return new RunId("r-number-" + number);
    }

    /** Moves runs, as far as there is room; how many it was. */
    private int move(int from, int count) {
        int moved = 0;
        for (int i = from; i < from + count && places.hasRoom(run(i)); i++, moved++) {
            places.put(run(i), new RunPlace(RunCursor.beforeFirst(1, 0, run(i)), true));
            makeRoom();
        }
        return moved;
    }

    private void makeRoom() {
        places.makeRoom(it -> {
            it.run();
            answers.incrementAndGet();
        });
    }

    private void taken() {
        log.asked.getLast().complete(CheckpointRef.of(log.asked.size(), log.values.getLast()));
        awaitAnswer();
    }

    private void notTaken() {
        log.asked.getLast().completeExceptionally(new TimeoutException("the broker is away"));
        awaitAnswer();
    }

    private void awaitAnswer() {
        await().atMost(Duration.ofMinutes(1))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> answers.get() == log.asked.size());
    }

    private CheckpointedToken token() throws Exception {
        return CheckpointedToken.parse(places.token());
    }

    @Test
    void oneIsBegunLongBeforeTheTokenIsFull() throws Exception {
        move(0, PlacesInLog.BEGIN_AT - 1);
        assertThat(log.asked).isEmpty();
        move(PlacesInLog.BEGIN_AT - 1, 5);
        assertThat(log.asked).hasSize(1);
        assertThat(token().base()).isEmpty();
        assertThat(token().moved()).isEqualTo(PlacesInLog.BEGIN_AT + 4);

        taken();

        assertThat(token().base()).contains(CheckpointRef.of(1, log.values.getFirst()));
        assertThat(token().moved()).as("those after it").isEqualTo(4);
    }

    @Test
    void whileTheLogDoesNotAnswerWhoHasRoomMovesAndNobodyElse() throws Exception {
        assertThat(move(0, 100)).isEqualTo(CheckpointedToken.MAX_MOVED);
        assertThat(log.asked).hasSize(1);
        assertThat(places.hasRoom(run(3))).isTrue();
        assertThat(places.hasRoom(run(77))).isFalse();
        assertThat(places.token().length()).isLessThan(4096);

        taken();

        assertThat(places.hasRoom(run(77))).isTrue();
        assertThat(token().moved()).isEqualTo(CheckpointedToken.MAX_MOVED - PlacesInLog.BEGIN_AT);
    }

    @Test
    void oneThatTheLogHasNotTakenIsWrittenAgain() throws Exception {
        assertThat(move(0, 100)).isEqualTo(CheckpointedToken.MAX_MOVED);
        notTaken();
        assertThat(places.hasRoom(run(77))).isFalse();
        assertThat(token().base()).isEmpty();

        makeRoom();
        taken();

        assertThat(log.asked).hasSize(2);
        assertThat(token().base()).contains(CheckpointRef.of(2, log.values.getLast()));
        assertThat(token().moved()).isZero();
        assertThat(registry.find("tailrace.gateway.checkpoints").timers())
                .hasSize(2)
                .allSatisfy(
                        it -> assertThat(it.count()).as(it.getId().toString()).isOne());
    }

    @Test
    void aStreamWhoseRunsAreAllBusyDoesNotFillTheLog() {
        long first = writtenWithin(1, 2_000);
        long later = writtenWithin(10, 20_000);

        assertThat(first).isBetween(2L << 20, (2L << 20) + (512 << 10));
        assertThat(later).isBetween(9L * (256 << 10), 11L * (256 << 10));
    }

    /** Bytes that are written in so many seconds, in each of which 500 runs move as often as they may. */
    private long writtenWithin(int seconds, int most) {
        int before = log.values.size();
        long until = now + seconds * SECOND;
        for (int i = 0; now < until && i < most; i++) {
            int had = log.asked.size();
            for (int run = 0; run < 500 && places.hasRoom(run(run)); run++) {
                int one = (run + i * 37) % 500;
                if (places.hasRoom(run(one))) {
                    places.put(run(one), new RunPlace(RunCursor.beforeFirst(1, 0, run(one)), true));
                }
            }
            makeRoom();
            if (log.asked.size() > had) {
                taken();
            } else {
                now += SECOND / 100;
            }
        }
        return log.values.stream().skip(before).mapToLong(it -> it.length).sum();
    }
}
