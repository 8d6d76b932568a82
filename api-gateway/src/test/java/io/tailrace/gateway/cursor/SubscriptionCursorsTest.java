package io.tailrace.gateway.cursor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.events.id.RunId;
import io.tailrace.events.reading.CheckpointRef;
import io.tailrace.events.reading.CheckpointedPlaces;
import io.tailrace.events.reading.CursorKey;
import io.tailrace.events.reading.PlacesCheckpoint;
import io.tailrace.events.reading.RunCursor;
import io.tailrace.events.reading.RunPlace;
import io.tailrace.events.reading.RunProgress;
import io.tailrace.gateway.problem.RunProblem;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What a client of a subscription is believed, by its token and by the checkpoint that the token goes on from. */
class SubscriptionCursorsTest {
    private static final Instant WRITTEN = Instant.parse("2026-11-21T10:00:00Z");
    private static final RunId AT_REST = new RunId("r-at-rest");
    private static final RunId OVER = new RunId("r-over");
    private static final RunId MOVED = new RunId("r-moved");
    private static final RunId NEW = new RunId("r-new");
    private static final List<RunId> RUNS = List.of(AT_REST, OVER, MOVED, NEW);

    private final Log log = new Log();
    private final String token = token();

    private static final class Log implements Checkpoints {
        final Map<Long, byte[]> values = new HashMap<>();

        @Override
        public CompletableFuture<CheckpointRef> write(byte[] checkpoint) {
            values.put(1L, checkpoint);
            return CompletableFuture.completedFuture(CheckpointRef.of(1, checkpoint));
        }

        @Override
        public Optional<Stored> read(CheckpointRef ref) {
            return Optional.ofNullable(values.get(ref.offset())).map(value -> {
                try {
                    return new Stored(PlacesCheckpoint.parse(value), WRITTEN);
                } catch (RunCursor.MalformedCursor e) {
                    throw new AssertionError(e);
                }
            });
        }
    }

    /** With all but one run in the checkpoint, of which one has moved since. */
    private String token() {
        SubscriptionCursors cursors = cursors(FixedCursors.keys(), 1, Duration.ZERO);
        CheckpointedPlaces places = new CheckpointedPlaces(1);
        for (RunId run : List.of(AT_REST, OVER, MOVED)) {
            places.put(run, place(run));
        }
        places.over(OVER);
        places.written(log.write(cursors.checkpoint(places).orElseThrow()).join());
        places.put(MOVED, place(MOVED));
        return cursors.token(places);
    }

    private static RunProgress place(RunId run) {
        return new RunProgress.At(new RunPlace(RunCursor.beforeFirst(1, 0, run), true));
    }

    private SubscriptionCursors cursors(SealingKeys keys, long epoch, Duration later) {
        Clock clock = Clock.fixed(WRITTEN.plus(later), ZoneOffset.UTC);
        return new SubscriptionCursors(keys, new Cursors(keys), log, () -> OptionalLong.of(epoch), clock);
    }

    private GivenPlaces given(long epoch, Duration later) throws InterruptedException {
        return cursors(FixedCursors.keys(), epoch, later).given("Last-Event-ID", RUNS, List.of(token));
    }

    private static Set<RunId> proven(GivenPlaces given) {
        Set<RunId> proven = new HashSet<>();
        given.cursors().forEach((run, cursor) -> {
            if (cursor.sealed()) {
                proven.add(run);
            }
        });
        return proven;
    }

    @Test
    void theCheckpointSaysWhatHasNotMovedSince() throws Exception {
        GivenPlaces given = given(1, Duration.ZERO);

        assertThat(proven(given)).containsExactlyInAnyOrder(AT_REST, MOVED);
        assertThat(given.cursors()).doesNotContainKey(NEW);
        assertThat(given.over()).containsExactly(OVER);
        assertThat(given.lost()).isFalse();
        assertThat(given.places().moved()).as("the next token goes on from it").isOne();
    }

    @Test
    void aCheckpointThatTheLogIsAboutToRemoveIsNotGoneOnFrom() throws Exception {
        assertThat(given(1, SubscriptionCursors.STALE_AFTER).places().moved()).isOne();
        GivenPlaces given = given(1, SubscriptionCursors.STALE_AFTER.plusMillis(1));

        assertThat(given.places().moved()).isEqualTo(3);
        assertThat(proven(given)).containsExactlyInAnyOrder(AT_REST, MOVED);
        assertThat(given.over()).containsExactly(OVER);
    }

    @Test
    void whatALostCheckpointAloneKnewIsUnproven() throws Exception {
        log.values.clear();
        GivenPlaces given = given(1, Duration.ZERO);

        assertThat(given.lost()).isTrue();
        assertThat(proven(given)).containsExactly(MOVED);
        assertThat(given.cursors().keySet()).containsExactlyInAnyOrderElementsOf(RUNS);
        assertThat(given.over()).isEmpty();
    }

    @Test
    void thatARunIsOverIsKnownOfItsOwnLogOnly() throws Exception {
        GivenPlaces given = given(2, Duration.ZERO);

        assertThat(given.over()).isEmpty();
        assertThat(proven(given)).containsExactlyInAnyOrder(AT_REST, MOVED);
        assertThat(given.cursors().values())
                .allSatisfy(it -> assertThat(it.cursor().epoch()).isOne());
    }

    @Test
    void aTokenOfAKeyThatIsGoneProvesNothing() throws Exception {
        byte[] secret = new byte[CursorKey.BYTES];
        SealingKeys others = FixedCursors.with(CursorKey.of(secret).orElseThrow());
        GivenPlaces given = cursors(others, 1, Duration.ZERO).given("cursor", RUNS, List.of(token));

        assertThat(proven(given)).isEmpty();
        assertThat(given.over()).isEmpty();
        assertThat(given.cursors().keySet()).containsExactlyInAnyOrderElementsOf(RUNS);
    }

    @Test
    void aTokenOfOtherRunsIsForeign() {
        SubscriptionCursors cursors = cursors(FixedCursors.keys(), 1, Duration.ZERO);

        assertThatThrownBy(() -> cursors.given("cursor", List.of(NEW), List.of(token)))
                .isInstanceOfSatisfying(
                        RunProblem.class, it -> assertThat(it.code()).isEqualTo(RunProblem.FOREIGN_CURSOR));
    }

    @Test
    void whatIsNotAskedForAnyMoreIsLeftOut() throws Exception {
        GivenPlaces given =
                cursors(FixedCursors.keys(), 1, Duration.ZERO).given("cursor", List.of(MOVED, NEW), List.of(token));

        assertThat(given.cursors().keySet()).containsExactly(MOVED);
        assertThat(given.over()).isEmpty();
    }
}
