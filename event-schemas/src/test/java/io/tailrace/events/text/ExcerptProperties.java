package io.tailrace.events.text;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Whatever a text has in it, its excerpt is a beginning of it in whole characters, as long as it may be. */
class ExcerptProperties {

    /** With pairs, and with halves of pairs that stand alone, as forged texts have them. */
    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.of("a", "é", "😀", "👩‍🚒", "\uD83D", "\uDE00", "\n", "…")
                .list()
                .ofMaxSize(12)
                .map(it -> String.join("", it));
    }

    @Property(tries = 5000)
    void aBeginningHasWholeCharactersAndNoMoreThanItMay(
            @ForAll("texts") String text, @ForAll @IntRange(max = 14) int most) {
        String kept = Excerpt.beginning(text, most);

        assertThat(text).startsWith(kept);
        assertThat(kept.length()).isLessThanOrEqualTo(most);
        assertThat(kept.codePoints().toArray())
                .isEqualTo(text.codePoints().limit(kept.codePoints().count()).toArray());
        if (kept.length() < Math.min(most, text.length())) {
            assertThat(Character.charCount(text.codePointAt(kept.length())))
                    .as("only a character that does not fit is left out")
                    .isGreaterThan(most - kept.length());
        }
    }

    @Property(tries = 5000)
    void anExcerptIsTheTextOrIsMarkedAsCut(@ForAll("texts") String text, @ForAll @IntRange(max = 14) int most) {
        assertThat(Excerpt.of(text, most))
                .isEqualTo(text.length() <= most ? text : Excerpt.beginning(text, most) + Excerpt.ELLIPSIS);
    }

    @Property(tries = 2000)
    void aPrintableExcerptIsOneLine(@ForAll("texts") String text, @ForAll @IntRange(max = 14) int most) {
        assertThat(Excerpt.printable(text, most))
                .doesNotContainPattern("\\p{Cntrl}")
                .hasSameSizeAs(Excerpt.of(text, most));
    }

    @Test
    void aPairAtTheEdgeIsLeftOut() {
        assertThat(Excerpt.of("ab😀c", 3)).isEqualTo("ab…");
        assertThat(Excerpt.of("ab😀c", 4)).isEqualTo("ab😀…");
        assertThat(Excerpt.of("ab😀", 4)).isEqualTo("ab😀");
    }
}
