package io.tailrace.cli.runs;

import com.fasterxml.jackson.databind.JsonNode;
import io.tailrace.cli.display.EventPrinter;

/** A frame of a run's stream, with its data read. */
public record RunFrame(String type, JsonNode data) {

    /** Whether it has its place in the run's order. */
    public boolean isEvent() {
        return data.has("sequence") && !type.startsWith("stream.");
    }

    /** Whether it tells at once of an event whose place in the order comes later. */
    public boolean isNotice() {
        return type.equals("run.notice");
    }

    /** What a person is shown of it. */
    public String text(EventPrinter printer) {
        return isEvent() ? printer.event(data) : printer.control(type, data);
    }
}
