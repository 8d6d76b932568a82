package io.tailrace.builds.phase;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.events.stage.BuildFact.ConsoleLine;
import io.tailrace.events.stage.BuildFact.ConsoleStream;
import io.tailrace.events.stage.BuildFact.LineEnd;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class LineSplitterTest {

    /** What is done to a splitter after some bytes. */
    record Cut(int length, boolean flush) {}

    @Property(tries = 2_000)
    void anyChunkingAndAnyFlushingOfAnyBytesReadsTheSame(
            @ForAll("output") byte[] bytes,
            @ForAll @Size(max = 30) List<@From("cuts") Cut> cuts,
            @ForAll @IntRange(min = 4, max = 20) int limit) {
        List<ConsoleLine> lines = split(bytes, cuts, limit);

        assertThat(joined(lines)).isEqualTo(new String(bytes, StandardCharsets.UTF_8));
    }

    @Property(tries = 2_000)
    void noLineIsLongerThanTheLimitOrHoldsANewline(
            @ForAll("output") byte[] bytes,
            @ForAll @Size(max = 30) List<@From("cuts") Cut> cuts,
            @ForAll @IntRange(min = 4, max = 20) int limit) {
        List<Integer> lengths = new ArrayList<>();
        LineSplitter splitter = new LineSplitter(ConsoleStream.STDOUT, limit, (line, length) -> {
            lengths.add(length);
            assertThat(line.text()).doesNotContain("\n");
        });

        feed(splitter, bytes, cuts);

        assertThat(lengths).allMatch(length -> length <= limit);
    }

    @Property(tries = 1_000)
    void withoutFlushesTheLinesDoNotDependOnTheChunks(
            @ForAll("output") byte[] bytes,
            @ForAll @Size(max = 30) List<@IntRange(min = 1, max = 9) Integer> chunks,
            @ForAll @IntRange(min = 4, max = 20) int limit) {
        List<Cut> cuts = chunks.stream().map(length -> new Cut(length, false)).toList();

        assertThat(split(bytes, cuts, limit)).isEqualTo(split(bytes, List.of(), limit));
    }

    @Property(tries = 500)
    void validTextIsTheProcessBytesAgain(@ForAll String text, @ForAll @Size(max = 30) List<@From("cuts") Cut> cuts) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);

        byte[] again = joined(split(bytes, cuts, 16)).getBytes(StandardCharsets.UTF_8);

        assertThat(again).isEqualTo(bytes);
    }

    @Test
    void onlyALineFeedEndsALine() {
        assertThat(split("50 %\r100 %\r\n\u001b[31mred\u001b[0m\n\n"))
                .containsExactly(
                        line(LineEnd.NEWLINE, "50 %\r100 %\r"),
                        line(LineEnd.NEWLINE, "\u001b[31mred\u001b[0m"),
                        line(LineEnd.NEWLINE, ""));
    }

    @Test
    void anEndWithoutNewlineIsMarked() {
        assertThat(split("a\nb")).containsExactly(line(LineEnd.NEWLINE, "a"), line(LineEnd.EOF, "b"));
    }

    @Test
    void aLineOfExactlyTheLimitIsNotSplit() {
        assertThat(split("12345678\n123456789\n".getBytes(StandardCharsets.UTF_8), List.of(), 8))
                .containsExactly(
                        line(LineEnd.NEWLINE, "12345678"), line(LineEnd.SPLIT, "12345678"), line(LineEnd.NEWLINE, "9"));
    }

    @Test
    void aLongLineIsSplitInFrontOfTheCharacterThatDoesNotFit() {
        assertThat(split("1234567ä9\n".getBytes(StandardCharsets.UTF_8), List.of(), 8))
                .containsExactly(line(LineEnd.SPLIT, "1234567"), line(LineEnd.NEWLINE, "ä9"));
    }

    @Test
    void aPartialLineKeepsAnUnfinishedCharacterForLater() {
        byte[] bytes = "ab€c\n".getBytes(StandardCharsets.UTF_8);

        assertThat(split(bytes, List.of(new Cut(4, true)), 100))
                .containsExactly(line(LineEnd.PARTIAL, "ab"), line(LineEnd.NEWLINE, "€c"));
    }

    @Test
    void aPartialLineThatThenEndsIsClosedByAnEmptyLine() {
        byte[] bytes = "password: \n".getBytes(StandardCharsets.UTF_8);

        assertThat(split(bytes, List.of(new Cut(10, true)), 100))
                .containsExactly(line(LineEnd.PARTIAL, "password: "), line(LineEnd.NEWLINE, ""));
    }

    @Provide
    Arbitrary<byte[]> output() {
        Arbitrary<byte[]> piece = Arbitraries.oneOf(
                Arbitraries.of("\n", "a", "\r\n", "long enough to be split", "ä", "€", "😀", "e\u0301")
                        .map(text -> text.getBytes(StandardCharsets.UTF_8)),
                Arbitraries.bytes().array(byte[].class).ofMaxSize(4),
                Arbitraries.of(0xC3, 0xE2, 0xED, 0xF0, 0xF4, 0xF5, 0xFF, 0x80, 0xA0, 0xBF)
                        .map(value -> new byte[] {value.byteValue()}));
        return piece.list().ofMaxSize(40).map(pieces -> {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            pieces.forEach(all::writeBytes);
            return all.toByteArray();
        });
    }

    @Provide
    Arbitrary<Cut> cuts() {
        return Combinators.combine(Arbitraries.integers().between(1, 9), Arbitraries.of(true, false))
                .as(Cut::new);
    }

    private static List<ConsoleLine> split(String text) {
        return split(text.getBytes(StandardCharsets.UTF_8), List.of(), 100);
    }

    private static List<ConsoleLine> split(byte[] bytes, List<Cut> cuts, int limit) {
        List<ConsoleLine> lines = new ArrayList<>();
        feed(new LineSplitter(ConsoleStream.STDOUT, limit, (line, length) -> lines.add(line)), bytes, cuts);
        return lines;
    }

    private static void feed(LineSplitter splitter, byte[] bytes, List<Cut> cuts) {
        int position = 0;
        for (Cut cut : cuts) {
            int length = Math.min(cut.length(), bytes.length - position);
            splitter.accept(bytes, position, length);
            position += length;
            if (cut.flush()) {
                splitter.flushPartial();
            }
        }
        splitter.accept(bytes, position, bytes.length - position);
        splitter.finish();
    }

    private static String joined(List<ConsoleLine> lines) {
        StringBuilder text = new StringBuilder();
        for (ConsoleLine line : lines) {
            text.append(line.text()).append(line.end() == LineEnd.NEWLINE ? "\n" : "");
        }
        return text.toString();
    }

    private static ConsoleLine line(LineEnd end, String text) {
        return new ConsoleLine(ConsoleStream.STDOUT, end, text);
    }
}
