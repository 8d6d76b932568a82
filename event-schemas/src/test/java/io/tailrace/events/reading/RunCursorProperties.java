package io.tailrace.events.reading;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.events.id.RunId;
import io.tailrace.events.reading.RunCursor.InChapter;
import io.tailrace.events.reading.RunCursor.MalformedCursor;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** A token says exactly what the cursor says, and nothing else is a token. */
class RunCursorProperties {

    @Provide
    Arbitrary<RunCursor> cursors() {
        Arbitrary<Long> offsets = Arbitraries.longs().between(0, Long.MAX_VALUE - 1);
        Arbitrary<Optional<InChapter>> chapters = Combinators.combine(
                        offsets, Arbitraries.longs().between(-1, Long.MAX_VALUE - 1), offsets)
                .as(InChapter::new)
                .optional();
        return Combinators.combine(
                        Arbitraries.longs(),
                        Arbitraries.integers().between(0, 100_000),
                        Arbitraries.integers(),
                        offsets,
                        chapters,
                        Arbitraries.integers(),
                        Arbitraries.longs().between(100_000, Long.MAX_VALUE),
                        Arbitraries.integers().between(1, 100_000))
                .as(RunCursor::new);
    }

    private static final CursorKey KEY = CursorSamples.key(1);
    private static final RunId RUN = new RunId("r-sealed");

    @Property
    void aTokenReadsBackAsItsCursor(@ForAll("cursors") RunCursor cursor) throws Exception {
        String text = KEY.seal(RUN, cursor);
        assertThat(text).hasSizeLessThanOrEqualTo(CursorToken.MAX_LENGTH).matches("[!-~]+");
        CursorToken token = CursorToken.parse(text);
        assertThat(token.claimed()).isEqualTo(cursor);
        assertThat(token.keyId()).hasValue(KEY.id());
        assertThat(token.isSealedBy(KEY, RUN)).isTrue();
        assertThat(token.isSealedBy(CursorSamples.key(2), RUN)).isFalse();
        assertThat(token.isSealedBy(KEY, new RunId("r-sealee"))).isFalse();
    }

    private static boolean proves(String text) {
        try {
            return CursorToken.parse(text).isSealedBy(KEY, RUN);
        } catch (MalformedCursor expected) {
            assertThat(expected).hasMessageContaining("it");
            return false;
        }
    }

    @Property
    void anotherCursorWithTheSameSealProvesNothing(
            @ForAll("cursors") RunCursor cursor, @ForAll("cursors") RunCursor other) {
        byte[] sealed = Base64.getUrlDecoder().decode(KEY.seal(RUN, cursor).substring(3));
        for (long change : new long[] {-1, 1}) {
            proveNothing(sealed, cursor.within(cursor.sequence() + change, cursor.index()));
            proveNothing(sealed, cursor.within(cursor.sequence(), cursor.index() + (int) change));
        }
        if (!other.equals(cursor)) {
            proveNothing(sealed, other);
        }
    }

    private static void proveNothing(byte[] sealed, RunCursor forged) {
        byte[] body = forged.bytes();
        byte[] bytes = ByteBuffer.allocate(4 + body.length + CursorKey.MAC_BYTES)
                .put(sealed, 0, 4)
                .put(body)
                .put(sealed, sealed.length - CursorKey.MAC_BYTES, CursorKey.MAC_BYTES)
                .array();
        assertThat(proves("v2." + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes)))
                .isFalse();
    }

    @Property(tries = 100)
    void aTokenWithAnyBitFlippedProvesNothing(@ForAll("cursors") RunCursor cursor) {
        byte[] token = KEY.seal(RUN, cursor).getBytes(StandardCharsets.US_ASCII);
        for (int bit = 0; bit < token.length * 8; bit++) {
            byte[] flipped = token.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(proves(new String(flipped, StandardCharsets.ISO_8859_1))).isFalse();
        }
    }

    @Property
    void aTokenThatIsCutOffProvesNothing(@ForAll("cursors") RunCursor cursor, @ForAll @IntRange(max = 200) int length) {
        String token = KEY.seal(RUN, cursor);
        assertThat(proves(token.substring(0, Math.min(length, token.length() - 1))))
                .isFalse();
    }

    @Property
    void arbitraryTextNeverCrashesTheParser(@ForAll String text) {
        assertThat(proves(text)).isFalse();
        assertThat(proves("v1." + text)).isFalse();
        assertThat(proves("v2." + text)).isFalse();
    }

    @Test
    void aTokenOfAReleaseThatSealedNothingIsReadAndProvesNothing() throws Exception {
        RunCursor cursor =
                new RunCursor(7, 3, new RunId("r-start").check(), 41, Optional.of(new InChapter(9, 7, 3)), 99, 5, 1);
        byte[] body = cursor.bytes();
        String text =
                "v1." + Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(body, body.length + 1));
        CursorToken token = CursorToken.parse(text);
        assertThat(token.claimed()).isEqualTo(cursor);
        assertThat(token.keyId()).isEmpty();
        assertThat(token.isSealedBy(KEY, new RunId("r-start"))).isFalse();
    }

    @Test
    void theCursorBeforeTheFirstEventIsATokenToo() throws Exception {
        RunCursor start = RunCursor.beforeFirst(7, 3, new RunId("r-start"));
        assertThat(CursorToken.parse(KEY.seal(RUN, start)).claimed()).isEqualTo(start);
        assertThat(start.isBeforeFirst()).isTrue();
        assertThat(start.isOf(new RunId("r-start"))).isTrue();
        assertThat(start.isOf(new RunId("r-other"))).isFalse();
    }

    @Test
    void aKeyIsThirtyTwoBytesAndSaysNothingOfThem() {
        String text = "0123456789abcdef".repeat(4);
        CursorKey key = CursorKey.ofHex(text).orElseThrow();
        assertThat(key.toString()).matches("cursor key [0-9a-f]{8}").doesNotContain(text.substring(0, 8));
        assertThat(CursorKey.ofHex(text.substring(1))).isEmpty();
        assertThat(CursorKey.ofHex("g" + text.substring(1))).isEmpty();
        assertThat(CursorKey.of(new byte[31])).isEmpty();
    }
}
