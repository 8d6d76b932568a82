package io.tailrace.events.reading;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.events.fuzz.Damage;
import io.tailrace.events.id.RunId;
import io.tailrace.events.reading.RunCursor.InChapter;
import io.tailrace.events.reading.RunCursor.MalformedCursor;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Wherever a client is cut off, its token and the checkpoint that it names say exactly how far it is in each run. */
class CheckpointedPlacesProperties {
    private static final long EPOCH = 77;
    private static final long FAR = 1L << 49;
    private static final CursorKey KEY = CursorSamples.key(1);
    private static final CursorKey OTHER_KEY = CursorSamples.key(2);

    private static RunId run(Random random) {
        return RunId.of(new UUID(random.nextLong(), random.nextLong()));
    }

    private static RunPlace place(RunId run, Random random) {
        long epoch = random.nextInt(8) == 0 ? random.nextLong() : EPOCH;
        return new RunPlace(CursorSamples.cursor(run, random, epoch, FAR), random.nextInt(8) > 0);
    }

    /** A topic of checkpoints. */
    private static final class Log {
        private final List<byte[]> records = new ArrayList<>();

        CheckpointRef append(byte[] checkpoint) {
            records.add(checkpoint);
            return CheckpointRef.of(records.size() - 1, checkpoint);
        }

        /** What a gateway that knows nothing else makes of a token. */
        Map<RunId, RunProgress> read(String text, List<RunId> runs) throws MalformedCursor {
            CheckpointedToken token = CheckpointedToken.parse(text);
            CursorKey key = token.keyId() == KEY.id() ? KEY : OTHER_KEY;
            assertThat(token.isSealedBy(key)).isTrue();
            assertThat(token.epoch()).isEqualTo(EPOCH);
            Optional<PlacesCheckpoint> base = Optional.empty();
            if (token.base().isPresent()) {
                byte[] value = records.get((int) token.base().get().offset());
                assertThat(token.base().get().isOf(value)).isTrue();
                base = Optional.of(PlacesCheckpoint.parse(value));
            }
            Map<RunId, RunProgress> found = new HashMap<>();
            for (RunId run : runs) {
                Optional<RunProgress> before = base.flatMap(it -> it.of(it.keyId() == KEY.id() ? KEY : OTHER_KEY, run));
                token.of(key, run).or(() -> before).ifPresent(it -> found.put(run, it));
            }
            return found;
        }
    }

    @Property(tries = 200)
    void aTokenAndItsCheckpointSayHowFarTheClientIsWhateverHappenedBetween(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 120) int count) throws Exception {
        Random random = new Random(seed);
        List<RunId> runs = new ArrayList<>();
        while (runs.size() < count) {
            runs.add(run(random));
        }
        Log log = new Log();
        CheckpointedPlaces places = new CheckpointedPlaces(EPOCH);
        Map<RunId, RunProgress> expected = new HashMap<>();
        Optional<byte[]> onItsWay = Optional.empty();
        for (int step = 0; step < 150; step++) {
            CursorKey key = random.nextInt(20) == 0 ? OTHER_KEY : KEY;
            RunId run = runs.get(random.nextInt(count));
            switch (random.nextInt(12)) {
                case 0 -> {
                    Optional<byte[]> next = places.checkpoint(key);
                    assertThat(next.isPresent()).isEqualTo(onItsWay.isEmpty());
                    onItsWay = next.isPresent() ? next : onItsWay;
                }
                case 1 -> {
                    if (onItsWay.isPresent()) {
                        places.written(log.append(onItsWay.get()));
                        onItsWay = Optional.empty();
                    }
                }
                case 2 -> {
                    if (onItsWay.isPresent() && random.nextBoolean()) {
                        // It may stand in the log all the same: nobody refers to it.
                        CheckpointRef _ = log.append(onItsWay.get());
                        places.notWritten();
                        onItsWay = Optional.empty();
                    }
                }
                case 3 -> {
                    int before = places.moved();
                    places.over(run);
                    assertThat(places.moved()).isEqualTo(before);
                    RunProgress now = log.read(places.seal(key), runs).get(run);
                    if (now instanceof RunProgress.Over) {
                        expected.put(run, now);
                    }
                }
                case 4 -> {
                    // Another gateway goes on from what the client has.
                    String token = places.seal(key);
                    CheckpointedToken parsed = CheckpointedToken.parse(token);
                    places = new CheckpointedPlaces(EPOCH);
                    onItsWay = Optional.empty();
                    CursorKey sealed = parsed.keyId() == KEY.id() ? KEY : OTHER_KEY;
                    if (parsed.base().isPresent()) {
                        CheckpointRef ref = parsed.base().get();
                        PlacesCheckpoint base = PlacesCheckpoint.parse(log.records.get((int) ref.offset()));
                        Map<RunId, RunProgress> said = new HashMap<>();
                        for (RunId each : runs) {
                            base.of(base.keyId() == KEY.id() ? KEY : OTHER_KEY, each)
                                    .ifPresent(it -> said.put(each, it));
                        }
                        places.resume(ref, said);
                    }
                    for (RunId each : runs) {
                        Optional<RunProgress> moved = parsed.of(sealed, each);
                        if (moved.isPresent()) {
                            places.put(each, moved.get());
                        }
                    }
                }
                default -> {
                    if (places.hasRoom(run)) {
                        RunProgress next = new RunProgress.At(place(run, random));
                        places.put(run, next);
                        expected.put(run, next);
                    }
                }
            }
            String token = places.seal(key);
            assertThat(token).hasSizeLessThan(4096).matches("s1\\.[A-Za-z0-9_-]+");
            assertThat(log.read(token, runs)).isEqualTo(expected);
        }
    }

    @Property(tries = 50)
    void aTokenIsBelowFourKilobytesWhateverItsOffsets(@ForAll long seed) {
        Random random = new Random(seed);
        CheckpointedPlaces places = new CheckpointedPlaces(7);
        places.resume(new CheckpointRef(FAR, -1, -1), Map.of());
        for (int i = 0; places.hasRoom(run(random)); i++) {
            RunId run = run(random);
            long far = FAR - 1 - random.nextInt(1000);
            InChapter chapter = new InChapter(far, far, far);
            RunCursor cursor = new RunCursor(7, 9_999, run.check(), far, Optional.of(chapter), -1, far, 1_000_000);
            places.put(run, new RunProgress.At(new RunPlace(cursor, true)));
            assertThat(i).isLessThan(CheckpointedToken.MAX_MOVED);
        }
        assertThat(places.moved()).isEqualTo(CheckpointedToken.MAX_MOVED);
        assertThat(places.seal(KEY).length()).isLessThan(4096);
    }

    @Test
    void aCheckpointOfAllRunsIsSmall() throws Exception {
        Random random = new Random(5);
        CheckpointedPlaces places = new CheckpointedPlaces(EPOCH);
        for (int i = 0; i < PlacesCheckpoint.MAX_RUNS; i++) {
            RunId run = run(random);
            InChapter chapter = new InChapter(FAR, FAR, FAR);
            RunCursor cursor = new RunCursor(EPOCH, 9_999, run.check(), FAR, Optional.of(chapter), -1, FAR, 1_000_000);
            places.put(run, new RunProgress.At(new RunPlace(cursor, true)));
        }
        byte[] value = places.checkpoint(KEY).orElseThrow();
        assertThat(value.length).isLessThan(34 * 1024);
        assertThat(PlacesCheckpoint.parse(value).runs()).isEqualTo(PlacesCheckpoint.MAX_RUNS);
        assertThat(CheckpointRef.of(3, value).isOf(value)).isTrue();
        CheckpointRef ref = CheckpointRef.of(3, value.clone());
        value[200] ^= 1;
        assertThat(ref.isOf(value)).isFalse();
    }

    private static String sealed(Random random, int count) {
        CheckpointedPlaces places = new CheckpointedPlaces(EPOCH);
        places.resume(new CheckpointRef(random.nextLong(FAR), random.nextLong(), random.nextLong()), Map.of());
        for (int i = 0; i < count; i++) {
            RunId run = run(random);
            places.put(run, new RunProgress.At(place(run, random)));
        }
        return places.seal(KEY);
    }

    private static boolean proves(String text) {
        try {
            return CheckpointedToken.parse(text).isSealedBy(KEY);
        } catch (MalformedCursor refused) {
            assertThat(refused).hasMessageMatching("(it|one of its|its) .+");
            return false;
        }
    }

    @Property(tries = 10)
    void aTokenWithAnyBitFlippedProvesNothing(@ForAll long seed, @ForAll @IntRange(max = 5) int count) {
        byte[] token = sealed(new Random(seed), count).getBytes(StandardCharsets.US_ASCII);
        for (int bit = 0; bit < token.length * 8; bit++) {
            byte[] flipped = token.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(proves(new String(flipped, StandardCharsets.ISO_8859_1))).isFalse();
        }
    }

    @Property
    void aTokenOrCheckpointThatIsCutOffOrDamagedProvesNothing(@ForAll @IntRange(max = 1_000_000) int number) {
        Damage damage = Damage.number(number);
        String good = sealed(damage.random(), damage.random().nextInt(CheckpointedToken.MAX_MOVED + 1));
        byte[] below = damage.of(Base64.getUrlDecoder().decode(good.substring(3)));
        String text = damage.random().nextBoolean()
                ? new String(damage.of(good.getBytes(StandardCharsets.US_ASCII)), StandardCharsets.ISO_8859_1)
                : CheckpointedToken.PREFIX
                        + Base64.getUrlEncoder().withoutPadding().encodeToString(below);
        assertThat(proves(text)).as(text).isEqualTo(text.equals(good));
        assertThat(proves(good.substring(0, damage.random().nextInt(good.length()))))
                .isFalse();
        try {
            assertThat(PlacesCheckpoint.parse(below).runs()).isLessThanOrEqualTo(PlacesCheckpoint.MAX_RUNS);
        } catch (MalformedCursor refused) {
            assertThat(refused).hasMessageMatching("(it|one of its|its) .+");
        }
    }

    @Test
    void tokensOfOtherStreamsAreNone() {
        RunId run = new RunId("r-sealed");
        RunCursor start = RunCursor.beforeFirst(7, 3, run);
        RunPlaces several = new RunPlaces();
        several.put(run, new RunPlace(start, true));
        for (String each : List.of(KEY.seal(run, start), several.seal(KEY))) {
            assertThat(proves(each)).isFalse();
            assertThat(proves(CheckpointedToken.PREFIX + each.substring(3))).isFalse();
        }
        assertThat(proves(sealed(new Random(1), 3))).isTrue();
    }
}
