package io.tailrace.cli.stack;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The end of a log file that may still grow, or begin anew. Not thread-safe. */
final class LogTail {

    /** So much of a log is looked at for its last lines, and handed out at once. */
    private static final int WINDOW = 1 << 20;

    private final Path file;
    private long position;

    LogTail(Path file) {
        this.file = file;
    }

    /** The last lines, at most {@code count}. */
    List<String> last(int count) throws IOException {
        if (!Files.exists(file)) {
            return List.of();
        }
        position = Math.max(0, Files.size(file) - WINDOW);
        boolean cutAtFront = position > 0;
        List<String> lines = more();
        List<String> whole = cutAtFront && !lines.isEmpty() ? lines.subList(1, lines.size()) : lines;
        return whole.subList(Math.max(0, whole.size() - count), whole.size());
    }

    /** The complete lines since the last call. */
    List<String> more() throws IOException {
        if (!Files.exists(file)) {
            return List.of();
        }
        try (SeekableByteChannel channel = Files.newByteChannel(file)) {
            if (channel.size() < position) {
                position = 0;
            }
            ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(WINDOW, channel.size() - position));
            channel.position(position);
            while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
                // until the window is full or the file ends
            }
            return lines(bytes.array(), bytes.position());
        }
    }

    private List<String> lines(byte[] bytes, int length) {
        int end = length;
        while (end > 0 && bytes[end - 1] != '\n') {
            end--;
        }
        int taken = end == 0 && length == WINDOW ? length : end;
        position += taken;
        return new String(bytes, 0, taken, StandardCharsets.UTF_8).lines().toList();
    }
}
