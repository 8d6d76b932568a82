package io.tailrace.cli.sse;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The event stream format of the HTML standard, line by line. Knows characters only. A frame that the connection's end
 * cuts off is never given out: {@link #reset} forgets it. Not thread-safe.
 */
public final class SseParser {

    private final List<String> data = new ArrayList<>();
    private String event = "";
    private Optional<String> id = Optional.empty();
    private Optional<Duration> retry = Optional.empty();

    /** The frame that this line (without its end) completes; empty while one is going on. */
    public Optional<SseFrame> line(String line) {
        if (line.isEmpty()) {
            return dispatch();
        }
        int colon = line.indexOf(':');
        if (colon == 0) {
            return Optional.empty();
        }
        String field = colon < 0 ? line : line.substring(0, colon);
        String value = colon < 0 ? "" : line.substring(colon + 1);
        take(field, value.startsWith(" ") ? value.substring(1) : value);
        return Optional.empty();
    }

    private void take(String field, String value) {
        switch (field) {
            case "event" -> event = value;
            case "data" -> data.add(value);
            case "id" -> {
                if (value.indexOf('\0') < 0) {
                    id = Optional.of(value);
                }
            }
            case "retry" -> {
                if (value.matches("[0-9]{1,9}")) {
                    retry = Optional.of(Duration.ofMillis(Long.parseLong(value)));
                }
            }
            default -> {
                // the standard says: unknown fields are ignored
            }
        }
    }

    private Optional<SseFrame> dispatch() {
        Optional<SseFrame> frame = data.isEmpty()
                ? Optional.empty()
                : Optional.of(new SseFrame(event.isEmpty() ? "message" : event, id, String.join("\n", data)));
        forgetFrame();
        return frame;
    }

    private void forgetFrame() {
        data.clear();
        event = "";
        id = Optional.empty();
    }

    /** How long the server wants us to wait before connecting again, if it ever said so. */
    public Optional<Duration> retry() {
        return retry;
    }

    /** A new connection begins; what the server said about {@code retry} stays. */
    public void reset() {
        forgetFrame();
    }
}
