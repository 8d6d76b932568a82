package io.tailrace.turn.provider.http;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Reads server-sent events (the HTML standard's event stream) as providers send them: with a byte order mark, with any line end, with
 * comments, with empty data, and with a last event that nothing follows. Confined to one thread.
 */
final class EventReader {

    /** One event is no larger; more is no event, but something without an end. */
    static final int MAX_EVENT_BYTES = 16 * 1024 * 1024;

    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

    private final BufferedInputStream in;
    private boolean begun;
    private boolean ended;
    private boolean afterCarriageReturn;

    EventReader(InputStream in) {
        this.in = new BufferedInputStream(in);
    }

    /**
     * An event with data.
     *
     * @param name empty if it has none
     * @param last whether the stream ended without the line that ends an event: it may be cut off
     */
    record Event(String name, String data, boolean last) {}

    /**
     * The next event whose data is not blank; nothing at the end.
     *
     * @throws IOException when the connection fails, or an event is too large
     */
    Optional<Event> next() throws IOException {
        String name = "";
        StringBuilder data = new StringBuilder();
        while (!ended) {
            String line = line();
            if (!line.isEmpty()) {
                int colon = line.indexOf(':');
                String field = colon < 0 ? line : line.substring(0, colon);
                String value = colon < 0 ? "" : line.substring(colon + 1);
                switch (field) {
                    case "event" -> name = value.strip();
                    case "data" -> data.append(value).append('\n');
                    default -> {} // a comment, an id, a time to retry after, or none of the format's fields
                }
            }
            if (data.length() > MAX_EVENT_BYTES) {
                throw ProviderSaid.noAnswer(200, "an event of more than " + MAX_EVENT_BYTES + " bytes", "");
            }
            if (line.isEmpty() || ended) {
                if (!data.toString().isBlank()) {
                    return Optional.of(new Event(name, data.toString().strip(), ended));
                }
                name = "";
                data.setLength(0);
            }
        }
        return Optional.empty();
    }

    /** The next line, without its end. */
    private String line() throws IOException {
        skipByteOrderMark();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        while (true) {
            int next = in.read();
            boolean restOfLineEnd = next == '\n' && afterCarriageReturn;
            afterCarriageReturn = next == '\r';
            if (restOfLineEnd) {
                continue;
            }
            if (next < 0) {
                ended = true;
            }
            if (next < 0 || next == '\n' || next == '\r') {
                return bytes.toString(StandardCharsets.UTF_8);
            }
            if (bytes.size() >= MAX_EVENT_BYTES) {
                throw ProviderSaid.noAnswer(200, "a line of more than " + MAX_EVENT_BYTES + " bytes", "");
            }
            bytes.write(next);
        }
    }

    private void skipByteOrderMark() throws IOException {
        if (begun) {
            return;
        }
        begun = true;
        in.mark(BYTE_ORDER_MARK.length);
        for (byte expected : BYTE_ORDER_MARK) {
            if (in.read() != (expected & 0xff)) {
                in.reset();
                return;
            }
        }
    }
}
