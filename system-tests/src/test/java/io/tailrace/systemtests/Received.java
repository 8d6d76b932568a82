package io.tailrace.systemtests;

import java.util.List;

/** What a client gave its caller: an event's type, its id, and its data. */
record Received(String type, String id, String data) {

    /** A line that a client's process printed: the three, with tabs between them. */
    static Received of(String line) {
        List<String> parts = List.of(line.split("\t", 3));
        if (parts.size() != 3) {
            throw new IllegalArgumentException("not an event: " + line);
        }
        return new Received(parts.get(0), parts.get(1), parts.get(2));
    }

    boolean isNumbered() {
        return !type.startsWith("stream.") && !type.equals("run.notice");
    }
}
