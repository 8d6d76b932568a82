package io.tailrace.gateway.view;

import io.tailrace.gateway.json.JsonBytes;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.UnaryOperator;

/**
 * The bytes of Server-Sent Events (the WHATWG HTML standard, section 9.2): knows frames, and nothing of what is in them.
 * The data must have no line breaks; JSON has none.
 */
public final class SseFrame {
    private static final String ID = "id: ";
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
        out.raw("\n").raw(ID).raw(id).raw("\n\n");
    }

    /**
     * The same frames with other ids.
     *
     * @param frames whole ones, each as {@link #end} ends it
     * @param ids makes the new id of each from the one that it has, in their order
     */
    public static byte[] withIds(byte[] frames, UnaryOperator<String> ids) {
        JsonBytes out = new JsonBytes(frames.length * 2);
        int from = 0;
        int line = 0;
        for (int i = 0; i < frames.length; i++) {
            if (frames[i] != '\n') {
                continue;
            }
            boolean last = i + 1 < frames.length && frames[i + 1] == '\n';
            if (last) {
                int id = line + ID.length();
                out.raw(Arrays.copyOfRange(frames, from, id));
                out.raw(ids.apply(new String(frames, id, i - id, StandardCharsets.US_ASCII)));
                i++;
                out.raw("\n\n");
                from = i + 1;
            }
            line = i + 1;
        }
        return out.toBytes();
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
