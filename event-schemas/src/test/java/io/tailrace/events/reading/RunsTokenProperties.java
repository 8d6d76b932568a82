package io.tailrace.events.reading;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.events.fuzz.Damage;
import io.tailrace.events.id.RunId;
import io.tailrace.events.reading.RunCursor.InChapter;
import io.tailrace.events.reading.RunCursor.MalformedCursor;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** A token of several runs says exactly where its client is in each, and nothing else is one. */
class RunsTokenProperties {
    /** More than any log will have: 560 million million records in a partition. */
    private static final long FAR = 1L << 49;

    private static final CursorKey KEY = CursorSamples.key(1);
    private static final CursorKey OTHER_KEY = CursorSamples.key(2);

    private static RunId run(Random random) {
        return random.nextInt(4) > 0
                ? RunId.of(new UUID(random.nextLong(), random.nextLong()))
                : new RunId("x".repeat(47) + String.format("%017x", random.nextLong(Long.MAX_VALUE)));
    }

    private static Map<RunId, RunPlace> places(Random random, int count, long far) {
        Map<RunId, RunPlace> places = new LinkedHashMap<>();
        long epoch = random.nextLong();
        while (places.size() < count) {
            RunId run = run(random);
            long own = random.nextInt(8) == 0 ? random.nextLong() : epoch;
            places.put(run, new RunPlace(CursorSamples.cursor(run, random, own, far), random.nextInt(8) > 0));
        }
        return places;
    }

    private static String sealed(Map<RunId, RunPlace> places) {
        RunPlaces all = new RunPlaces();
        places.forEach(all::put);
        return all.seal(KEY);
    }

    private static boolean proves(String text) {
        try {
            return RunsToken.parse(text).isSealedBy(KEY);
        } catch (MalformedCursor refused) {
            assertThat(refused).hasMessageMatching("(it|one of its|its) .+");
            return false;
        }
    }

    @Property
    void aTokenReadsBackAsThePlaceInEachRun(@ForAll long seed, @ForAll @IntRange(max = RunsToken.MAX_RUNS) int count)
            throws Exception {
        Random random = new Random(seed);
        Map<RunId, RunPlace> places = places(random, count, Long.MAX_VALUE - 1);
        String text = sealed(places);
        assertThat(text).matches("m1\\.[A-Za-z0-9_-]+").hasSizeLessThanOrEqualTo(RunsToken.MAX_LENGTH);
        RunsToken token = RunsToken.parse(text);
        assertThat(token.runs()).isEqualTo(count);
        assertThat(token.keyId()).isEqualTo(KEY.id());
        assertThat(token.isSealedBy(KEY)).isTrue();
        assertThat(token.isSealedBy(OTHER_KEY)).isFalse();
        places.forEach((run, place) -> assertThat(token.of(KEY, run)).contains(place));
        assertThat(token.of(KEY, run(random))).isEmpty();
    }

    @Property
    void whatChangesAfterASealIsInTheNext(@ForAll long seed, @ForAll @IntRange(min = 1, max = 10) int count)
            throws Exception {
        Random random = new Random(seed);
        Map<RunId, RunPlace> places = places(random, count, FAR);
        List<RunId> runs = new ArrayList<>(places.keySet());
        RunPlaces all = new RunPlaces();
        places.forEach(all::put);
        for (int i = 0; i < 20; i++) {
            RunId run = runs.get(random.nextInt(count));
            RunPlace next =
                    new RunPlace(CursorSamples.cursor(run, random, random.nextInt(3), FAR), random.nextBoolean());
            places.put(run, next);
            all.put(run, next);
            CursorKey key = random.nextInt(5) == 0 ? OTHER_KEY : KEY;
            RunsToken token = RunsToken.parse(all.seal(key));
            assertThat(token.isSealedBy(key)).isTrue();
            places.forEach((each, place) -> assertThat(token.of(key, each)).contains(place));
        }
    }

    @Property
    void fiftyRunsFitIntoFourKilobytes(@ForAll long seed) {
        Random random = new Random(seed);
        RunPlaces all = new RunPlaces();
        for (int i = 0; i < RunsToken.MAX_RUNS; i++) {
            RunId run = run(random);
            long far = FAR - 1 - random.nextInt(1000);
            InChapter chapter = new InChapter(far, far, far);
            all.put(
                    run,
                    new RunPlace(
                            new RunCursor(7, 9_999, run.check(), far, Optional.of(chapter), -1, far, 1_000_000), true));
        }
        assertThat(all.seal(KEY).length()).isLessThan(4096);
    }

    @Property(tries = 20)
    void aTokenWithAnyBitFlippedProvesNothing(@ForAll long seed, @ForAll @IntRange(max = 5) int count) {
        byte[] token = sealed(places(new Random(seed), count, FAR)).getBytes(StandardCharsets.US_ASCII);
        for (int bit = 0; bit < token.length * 8; bit++) {
            byte[] flipped = token.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(proves(new String(flipped, StandardCharsets.ISO_8859_1))).isFalse();
        }
    }

    @Property
    void aTokenThatIsCutOffOrDamagedProvesNothing(@ForAll @IntRange(max = 1_000_000) int number) {
        Damage damage = Damage.number(number);
        String good = sealed(places(damage.random(), damage.random().nextInt(RunsToken.MAX_RUNS + 1), FAR));
        byte[] below = damage.of(Base64.getUrlDecoder().decode(good.substring(3)));
        String text = damage.random().nextBoolean()
                ? new String(damage.of(good.getBytes(StandardCharsets.US_ASCII)), StandardCharsets.ISO_8859_1)
                : RunsToken.PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(below);
        assertThat(proves(text)).as(text).isEqualTo(text.equals(good));
        assertThat(proves(good.substring(0, damage.random().nextInt(good.length()))))
                .isFalse();
    }

    @Property
    void arbitraryTextNeverCrashesTheParser(@ForAll String text) {
        assertThat(proves(text)).isFalse();
        assertThat(proves(RunsToken.PREFIX + text)).isFalse();
    }

    @Test
    void aTokenOfOneRunIsNoneOfSeveralAndViceVersa() {
        RunId run = new RunId("r-sealed");
        RunCursor start = RunCursor.beforeFirst(7, 3, run);
        String one = KEY.seal(run, start);
        String several = sealed(Map.of(run, new RunPlace(start, true)));
        assertThat(proves(one)).isFalse();
        assertThat(proves(RunsToken.PREFIX + one.substring(3))).isFalse();
        assertThat(provesOne(CursorToken.PREFIX + several.substring(3), run)).isFalse();
    }

    private static boolean provesOne(String text, RunId run) {
        try {
            return CursorToken.parse(text).isSealedBy(KEY, run);
        } catch (MalformedCursor _) {
            return false;
        }
    }
}
