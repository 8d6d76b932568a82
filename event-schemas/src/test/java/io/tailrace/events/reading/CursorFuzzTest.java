package io.tailrace.events.reading;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.events.fuzz.Damage;
import io.tailrace.events.id.RunId;
import io.tailrace.events.reading.RunCursor.InChapter;
import io.tailrace.events.reading.RunCursor.MalformedCursor;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Damaged tokens, as texts and below their base64: refused with a reason, or a claim that proves nothing. */
class CursorFuzzTest {
    private static final RunId RUN = new RunId("r-fuzzed");
    private static final CursorKey KEY = CursorKey.of(new byte[CursorKey.BYTES]).orElseThrow();

    @Test
    void whatWasChangedProvesNothingAndWhatWasNotDoes() {
        for (int i = 0; i < Damage.tries(50_000); i++) {
            Damage damage = Damage.number(i);
            String good = KEY.seal(RUN, cursor(damage.random()));
            byte[] bytes = damage.random().nextBoolean()
                    ? damage.of(good.getBytes(StandardCharsets.US_ASCII))
                    : encoded(damage.of(Base64.getUrlDecoder().decode(good.substring(3))));
            String text = new String(bytes, StandardCharsets.ISO_8859_1);

            assertThat(proves(good)).as(good).isTrue();
            assertThat(proves(text)).as("%s: %s", i, text).isEqualTo(text.equals(good));
        }
    }

    private static byte[] encoded(byte[] bytes) {
        return ("v2." + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes))
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static boolean proves(String text) {
        try {
            return CursorToken.parse(text).isSealedBy(KEY, RUN);
        } catch (MalformedCursor refused) {
            assertThat(refused).hasMessageMatching("(it|one of its|its) .+");
            return false;
        }
    }

    private static RunCursor cursor(Random random) {
        boolean inChapter = random.nextBoolean();
        return new RunCursor(
                random.nextLong(),
                random.nextInt(100),
                RUN.check(),
                random.nextLong(1L << 50),
                inChapter
                        ? Optional.of(
                                new InChapter(random.nextLong(1L << 50), random.nextLong(1L << 50), random.nextInt(99)))
                        : Optional.empty(),
                random.nextInt(),
                10_000 + random.nextLong(1L << 40),
                1 + random.nextInt(10_000));
    }
}
