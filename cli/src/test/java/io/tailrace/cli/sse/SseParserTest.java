package io.tailrace.cli.sse;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SseParserTest {

    private final SseParser parser = new SseParser();

    @Test
    void aFrameHasItsTypeItsCursorAndItsData() {
        assertThat(frames("event: build.started", "data: {\"a\":1}", "id: v1abc", ""))
                .containsExactly(new SseFrame("build.started", Optional.of("v1abc"), "{\"a\":1}"));
    }

    @Test
    void dataOfSeveralLinesIsJoined() {
        assertThat(frames("data: one", "data:two", "data:  three", ""))
                .containsExactly(new SseFrame("message", Optional.empty(), "one\ntwo\n three"));
    }

    @Test
    void commentsAndUnknownFieldsAreIgnored() {
        assertThat(frames(": heartbeat", "colour: red", "data", "", ":", ""))
                .containsExactly(new SseFrame("message", Optional.empty(), ""));
    }

    @Test
    void commentsAndTimesToWaitAreLinesBetweenFrames() {
        assertThat(frames(
                        ":", "retry: 100", "event: a", "data: x", "id: 1", "", ":", "data: y", "id: 2", "", "retry: 7"))
                .containsExactly(
                        new SseFrame("a", Optional.of("1"), "x"), new SseFrame("message", Optional.of("2"), "y"));
        assertThat(parser.retry()).contains(Duration.ofMillis(7));
    }

    @Test
    void aFrameWithoutDataIsNone() {
        assertThat(frames("event: nothing", "id: 7", "", "data: x", ""))
                .containsExactly(new SseFrame("message", Optional.empty(), "x"));
    }

    @Test
    void nothingOfAFrameStaysForTheNext() {
        assertThat(frames("event: a", "id: 1", "data: x", "", "data: y", ""))
                .containsExactly(
                        new SseFrame("a", Optional.of("1"), "x"), new SseFrame("message", Optional.empty(), "y"));
    }

    @Test
    void aFrameThatWasCutOffIsForgotten() {
        frames("event: half", "id: 5", "data: half");

        parser.reset();

        assertThat(frames("data: whole", "")).containsExactly(new SseFrame("message", Optional.empty(), "whole"));
    }

    @Test
    void onlyAWholeNumberIsATimeToWait() {
        frames("retry: 250");
        assertThat(parser.retry()).contains(Duration.ofMillis(250));
        frames("retry: soon", "retry: -1", "retry:");
        assertThat(parser.retry()).contains(Duration.ofMillis(250));
    }

    @Test
    void aCursorWithANulIsIgnored() {
        assertThat(frames("id: a\0b", "data: x", "").getFirst().id()).isEmpty();
    }

    private List<SseFrame> frames(String... lines) {
        List<SseFrame> frames = new ArrayList<>();
        for (String line : lines) {
            parser.line(line).ifPresent(frames::add);
        }
        return frames;
    }
}
