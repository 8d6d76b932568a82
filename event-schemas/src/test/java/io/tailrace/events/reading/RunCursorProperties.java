package io.tailrace.events.reading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.events.id.RunId;
import io.tailrace.events.reading.RunCursor.InChapter;
import io.tailrace.events.reading.RunCursor.MalformedCursor;
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

    @Property
    void aTokenReadsBackAsItsCursor(@ForAll("cursors") RunCursor cursor) throws Exception {
        assertThat(RunCursor.parse(cursor.token())).isEqualTo(cursor);
        assertThat(cursor.token())
                .hasSizeLessThanOrEqualTo(RunCursor.MAX_TOKEN_LENGTH)
                .matches("[!-~]+");
    }

    @Property
    void aTokenThatIsCutOffIsRefused(@ForAll("cursors") RunCursor cursor, @ForAll @IntRange(max = 200) int length) {
        String token = cursor.token();
        String cut = token.substring(0, Math.min(length, token.length() - 1));
        // One check byte lets one in 256 through; what it lets through has to be a consistent cursor, never a crash.
        try {
            assertThat(RunCursor.parse(cut).token()).isNotEmpty();
        } catch (MalformedCursor expected) {
            assertThat(expected).hasMessageStartingWith("it");
        }
    }

    @Property
    void arbitraryTextNeverCrashesTheParser(@ForAll String text) {
        assertThatThrownBy(() -> RunCursor.parse(text)).isInstanceOf(MalformedCursor.class);
        try {
            RunCursor.parse("v1." + text);
        } catch (MalformedCursor expected) {
            assertThat(expected).hasMessageStartingWith("it");
        }
    }

    @Test
    void theCursorBeforeTheFirstEventIsATokenToo() throws Exception {
        RunCursor start = RunCursor.beforeFirst(7, 3, new RunId("r-start"));
        assertThat(RunCursor.parse(start.token())).isEqualTo(start);
        assertThat(start.isBeforeFirst()).isTrue();
        assertThat(start.isOf(new RunId("r-start"))).isTrue();
        assertThat(start.isOf(new RunId("r-other"))).isFalse();
    }
}
