package io.tailrace.turn.tool.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.turn.tool.mcp.BoundedLines.Line;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BoundedLinesTest {

    @Test
    void cutsAtLineFeedsAlone() throws IOException {
        assertThat(lines("a\n\nb\r\nä€😀\nlast", 100).stream().map(Line::text))
                .containsExactly("a", "", "b\r", "ä€😀", "last");
    }

    @Test
    void ofALineThatIsTooLongItKeepsTheBeginningAndTheEnd() throws IOException {
        String line = "beginning" + "x".repeat(300_000) + "\"id\":7}";

        List<Line> lines = lines(line + "\nnext\n", 9);

        assertThat(lines).hasSize(2);
        assertThat(lines.getFirst().text()).isEqualTo("beginning");
        assertThat(lines.getFirst().end().orElseThrow()).endsWith("xx\"id\":7}").hasSize(256);
        assertThat(lines.getLast()).isEqualTo(new Line("next", Optional.empty()));
    }

    @Test
    void aLineOfExactlyTheBoundIsWhole() throws IOException {
        assertThat(lines("12345\n123456\n", 5).stream().map(Line::isTooLong)).containsExactly(false, true);
    }

    /** Byte for byte, as a pipe can give them. */
    private static List<Line> lines(String text, int maxBytes) throws IOException {
        InputStream drops = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)) {
            @Override
            public synchronized int read(byte[] into, int offset, int length) {
                return super.read(into, offset, Math.min(length, 1_000));
            }
        };
        BoundedLines lines = new BoundedLines(drops, maxBytes);
        List<Line> all = new ArrayList<>();
        for (Optional<Line> next = lines.next(); next.isPresent(); next = lines.next()) {
            all.add(next.get());
        }
        return all;
    }
}
