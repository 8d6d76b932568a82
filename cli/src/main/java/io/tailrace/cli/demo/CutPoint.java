package io.tailrace.cli.demo;

import java.util.function.Predicate;

/** Where a watcher's connection is dropped: after the {@code count}-th of the events that count. */
record CutPoint(Predicate<WatchedEvent> counted, int count) {

    /** After so many lines of a phase's output. */
    static CutPoint lines(String phase, int count) {
        return new CutPoint(
                event -> event.type().equals("console.line")
                        && event.payload().path("phase").asText().equals(phase),
                count);
    }

    /** After so many pieces of an answer's text. */
    static CutPoint words(int count) {
        return new CutPoint(WatchedEvent::isAnswerText, count);
    }
}
