package io.tailrace.gateway.view;

import io.tailrace.gateway.json.JsonBytes;
import java.time.Duration;

/**
 * The bytes of Server-Sent Events (the WHATWG HTML standard, section 9.2): knows frames, and nothing of what is in them.
 * The data must have no line breaks; JSON has none.
 */
public final class SseFrame {
    private static final byte[] HEARTBEAT = new JsonBytes(16).raw(":\n").toBytes();

    private SseFrame() {}

    /** Writes up to where the data begin. */
    public static void begin(JsonBytes out, String event) {
        out.raw("event: ").raw(event).raw("\ndata: ");
    }

    /**
     * Writes what comes after the data. The id is last, because there are clients that take it as soon as they have its
     * line: cut before the frame's end, they would never get this event. Every frame has one, because there are clients
     * that forget theirs at one without.
     */
    public static void end(JsonBytes out, String id) {
        out.raw("\nid: ").raw(id).raw("\n\n");
    }

    /**
     * Tells a client how long to wait before it connects again. A line, and no frame: it counts as soon as it is there.
     */
    public static void retry(JsonBytes out, Duration wait) {
        out.raw("retry: ").number(wait.toMillis()).raw("\n");
    }

    /** The same by itself. */
    static byte[] retry(Duration wait) {
        JsonBytes line = new JsonBytes(64);
        retry(line, wait);
        return line.toBytes();
    }

    /**
     * A comment, which clients ignore: shows proxies and the kernel that the connection is alive. A line, and no frame:
     * an empty line after it is an empty message to some clients.
     */
    public static byte[] heartbeat() {
        return HEARTBEAT.clone();
    }
}
