package io.tailrace.cli.display;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * Turns what a run's stream brings into text for a person, line ends included; empty for what says nothing to one.
 * Remembers what it has given out. Not thread-safe.
 */
public interface EventPrinter {

    /** An event of the run's order. */
    String event(JsonNode event);

    /** A frame that is not part of the order: a notice, or one about the stream itself. */
    String control(String type, JsonNode data);

    /** A remark of ours between the events, on a line of its own. */
    String note(String text);
}
