package io.tailrace.cli.display;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TerminalTextTest {

    @Test
    void coloursStayWhereThereIsATerminalAndEndWithTheLine() {
        assertThat(TerminalText.of("\033[1;32mPASS\033[m x", true)).isEqualTo("\033[1;32mPASS\033[m x\033[0m");
        assertThat(TerminalText.of("\033[1;32mPASS\033[m x", false)).isEqualTo("PASS x");
    }

    @Test
    void whatWouldMoveTheCursorOrAnswerBackIsTakenOut() {
        assertThat(TerminalText.of("a\033[2Jb\033[10;10Hc\033[?25ld\033[6ne", true))
                .isEqualTo("abcde");
        assertThat(TerminalText.of("a\033]0;title\007b\033]8;;http://x\033\\c\033P1$r\033\\d", true))
                .isEqualTo("abcd");
        assertThat(TerminalText.of("a\033cb\033(0c\033", true)).isEqualTo("abc");
        assertThat(TerminalText.of("bell\007 back\b null\0 tab\t", true)).isEqualTo("bell back null tab\t");
    }

    @Test
    void anEndLikeThatOfAColourIsNoColourByItself() {
        assertThat(TerminalText.of("a\033[>4;2mb\033[?4mc\033[1 md", true)).isEqualTo("abcd");
        assertThat(TerminalText.of("a\033[38:2::1:2:3mb", true)).isEqualTo("a\033[38:2::1:2:3mb\033[0m");
    }

    @Test
    void controlsOfOneCharacterAndTurnsOfDirectionAreTakenOut() {
        assertThat(TerminalText.of("a\u009b2Jb\u009d0;title\u009cc\u0085d\u0090x\u009ce", true))
                .isEqualTo("a2Jb0;titlecdxe");
        assertThat(TerminalText.of("a\u202eb\u2066c\u2069d\u2028e", false)).isEqualTo("abcde");
        assertThat(TerminalText.of("Grüße, ça va — 你好 \ud83d\ude00", false))
                .isEqualTo("Grüße, ça va — 你好 \ud83d\ude00");
    }

    @Test
    void anUnfinishedTitleDoesNotSwallowTheTerminal() {
        assertThat(TerminalText.of("a\033]0;never ends", true)).isEqualTo("a");
    }

    @Test
    void aProgressLineShowsItsLastState() {
        assertThat(TerminalText.of("10 %\r50 %\r100 %", false)).isEqualTo("100 %");
        assertThat(TerminalText.of("10 %\r50 %\r", false)).isEqualTo("50 %");
        assertThat(TerminalText.of("\r", false)).isEmpty();
        assertThat(TerminalText.of("", false)).isEmpty();
    }
}
