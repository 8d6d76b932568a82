package io.tailrace.gateway.stream;

import io.tailrace.gateway.view.JsonBytes;

/**
 * The bytes of Server-Sent Events (the WHATWG HTML standard, section 9.2): knows frames, and nothing of what is in them.
 * The data must have no line breaks; JSON has none.
 */
public final class SseFrame {
    private static final byte[] HEARTBEAT = new JsonBytes(16).raw(":\n\n").toBytes();

    private SseFrame() {}

    /** Writes up to where the data begin. {@code id} empty: the client's last event id stays as it is. */
    public static void begin(JsonBytes out, String event, String id) {
        out.raw("event: ").raw(event);
        if (!id.isEmpty()) {
            out.raw("\nid: ").raw(id);
        }
        out.raw("\ndata: ");
    }

    /** Writes what comes after the data. */
    public static void end(JsonBytes out) {
        out.raw("\n\n");
    }

    /** Tells a client how long to wait before it connects again, in milliseconds. */
    static void retry(JsonBytes out, long milliseconds) {
        out.raw("retry: ").number(milliseconds).raw("\n\n");
    }

    /** A comment, which clients ignore: shows proxies and the kernel that the connection is alive. */
    static byte[] heartbeat() {
        return HEARTBEAT.clone();
    }
}
