package io.tailrace.turn.tool;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class CallResultTest {

    @Test
    void aLongResultIsCutBetweenCharactersAndSaysSo() {
        CallResult cut = CallResult.succeeded("aä𝄞z").cutTo(5);

        assertThat(cut.text()).isEqualTo("aä\n[Cut off: the first 3 of at least 8 bytes.]");
        assertThat(cut.bytes()).isEqualTo(8);
    }

    @Test
    void aResultOfWhichOnlyTheBeginningIsThereSaysSoToo() {
        assertThat(CallResult.succeeded("abc", 1_000).cutTo(10).text())
                .isEqualTo("abc\n[Cut off: the first 3 of at least 1000 bytes.]");
    }

    /** What is kept is a beginning of the text in whole characters, within the bound, and a text that fits stays whole. */
    @Property
    void whatIsKeptIsABeginning(@ForAll String text, @ForAll @IntRange(min = 1, max = 40) int bound) {
        String written = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
        int length = written.getBytes(StandardCharsets.UTF_8).length;

        String cut = CallResult.succeeded(text).cutTo(bound).text();

        if (length <= bound) {
            assertThat(cut).isEqualTo(written);
        } else {
            String kept = cut.substring(0, cut.lastIndexOf("\n[Cut off"));
            int keptBytes = kept.getBytes(StandardCharsets.UTF_8).length;
            assertThat(written).startsWith(kept);
            assertThat(keptBytes).isBetween(bound - 3, bound);
        }
    }
}
