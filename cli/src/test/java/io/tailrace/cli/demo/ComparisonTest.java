package io.tailrace.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ComparisonTest {

    @Test
    void theSameEventsAreNoDifference() {
        assertThat(new Comparison(List.of(event(1, "a"), event(2, "b")), List.of(event(1, "a"), event(2, "b")))
                        .difference())
                .isEmpty();
    }

    @Test
    void aMissingADoubledAndAnotherEventAreNoticed() {
        List<WatchedEvent> log = List.of(event(1, "a"), event(2, "b"), event(3, "c"));
        assertThat(difference(List.of(event(1, "a"), event(3, "c")), log)).contains("has the number 3");
        assertThat(difference(List.of(event(1, "a"), event(1, "a"), event(2, "b")), log))
                .contains("has the number 1");
        assertThat(difference(List.of(event(1, "a"), event(2, "x"), event(3, "c")), log))
                .contains("payload");
        assertThat(difference(List.of(event(1, "a"), event(2, "b")), log)).contains("2 events, the log has 3");
    }

    private static String difference(List<WatchedEvent> watched, List<WatchedEvent> logged) {
        return new Comparison(watched, logged).difference().orElseThrow();
    }

    private static WatchedEvent event(long sequence, String text) {
        return new WatchedEvent(
                sequence,
                "console.line",
                "e" + sequence,
                "s",
                1,
                "w",
                JsonNodeFactory.instance.textNode(text),
                Instant.EPOCH);
    }
}
