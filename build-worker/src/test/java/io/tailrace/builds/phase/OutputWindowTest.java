package io.tailrace.builds.phase;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.events.stage.BuildFact.ConsoleLine;
import io.tailrace.events.stage.BuildFact.ConsoleStream;
import io.tailrace.events.stage.BuildFact.LineEnd;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class OutputWindowTest {

    private static final ConsoleLine LINE = new ConsoleLine(ConsoleStream.STDOUT, LineEnd.NEWLINE, "line");

    private final OutputWindow window = new OutputWindow(0);

    @Test
    void aLineAfterASilenceIsDueAtOnce() {
        window.add(LINE, 4);

        assertThat(window.isDue(millis(0))).isTrue();
    }

    @Test
    void whatFollowsWithinTheSpanWaitsForItsEnd() {
        window.add(LINE, 4);
        window.take(millis(100));

        window.add(LINE, 4);

        assertThat(window.isDue(millis(119))).isFalse();
        assertThat(window.isDue(millis(120))).isTrue();
        assertThat(window.dueAt()).isEqualTo(millis(120));
    }

    @Test
    void nothingIsNeverDue() {
        assertThat(window.isDue(millis(1_000))).isFalse();
    }

    @Test
    void isFullByBytesAndByLines() {
        window.add(LINE, OutputWindow.MAX_BYTES - 10);
        assertThat(window.isFullFor(10)).isFalse();
        assertThat(window.isFullFor(11)).isTrue();

        window.take(0);
        for (int i = 0; i < OutputWindow.MAX_LINES; i++) {
            assertThat(window.isFullFor(0)).isFalse();
            window.add(LINE, 0);
        }
        assertThat(window.isFullFor(0)).isTrue();
    }

    @Test
    void aLineThatIsLargerThanAWindowFitsIntoAnEmptyOne() {
        assertThat(window.isFullFor(OutputWindow.MAX_BYTES + 1)).isFalse();
    }

    private static long millis(long millis) {
        return TimeUnit.MILLISECONDS.toNanos(millis);
    }
}
