package io.tailrace.turn.tool.mcp;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * Cuts a stream into lines. Of one that is too long only its beginning and its end are kept, so memory is bounded whatever comes. Blocks;
 * confined to one thread.
 */
final class BoundedLines {
    private static final int CHUNK = 64 * 1024;
    private static final int END = 256;

    private final InputStream in;
    private final int maxBytes;
    private final byte[] chunk = new byte[CHUNK];
    private int position;
    private int limit;

    /** @param maxBytes of a line that is kept whole */
    BoundedLines(InputStream in, int maxBytes) {
        this.in = in;
        this.maxBytes = maxBytes;
    }

    /**
     * A line without its end.
     *
     * @param text the whole line, or the beginning of one that is too long
     * @param end of a line that is too long
     */
    record Line(String text, Optional<String> end) {
        boolean isTooLong() {
            return end.isPresent();
        }
    }

    /** The next one; nothing at the stream's end. A last line without a line feed is one too. */
    Optional<Line> next() throws IOException {
        ByteArrayOutputStream kept = new ByteArrayOutputStream();
        byte[] last = new byte[0];
        boolean any = false;
        while (true) {
            if (position == limit) {
                int count = in.read(chunk);
                if (count < 0) {
                    return any ? Optional.of(line(kept, last)) : Optional.empty();
                }
                position = 0;
                limit = count;
                continue;
            }
            any = true;
            int end = position;
            while (end < limit && chunk[end] != '\n') {
                end++;
            }
            int fits = Math.min(end - position, maxBytes - kept.size());
            kept.write(chunk, position, fits);
            if (fits < end - position) {
                last = joined(last, Arrays.copyOfRange(chunk, Math.max(position + fits, end - END), end));
            }
            boolean complete = end < limit;
            position = complete ? end + 1 : end;
            if (complete) {
                return Optional.of(line(kept, last));
            }
        }
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return Arrays.copyOfRange(all, Math.max(0, all.length - END), all.length);
    }

    private static Line line(ByteArrayOutputStream kept, byte[] last) {
        return new Line(
                kept.toString(StandardCharsets.UTF_8),
                last.length == 0 ? Optional.empty() : Optional.of(new String(last, StandardCharsets.UTF_8)));
    }
}
