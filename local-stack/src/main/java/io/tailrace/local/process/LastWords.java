package io.tailrace.local.process;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The end of a log, for a message to a person. */
public final class LastWords {

    private static final int WINDOW_BYTES = 16 << 10;

    private LastWords() {}

    /** At most so many of the last lines, each after a line break and indented; empty when there is no such file. */
    public static String of(Path log, int lines) throws IOException {
        if (!Files.exists(log)) {
            return "";
        }
        try (SeekableByteChannel channel = Files.newByteChannel(log)) {
            long begin = Math.max(0, channel.size() - WINDOW_BYTES);
            ByteBuffer bytes = ByteBuffer.allocate((int) (channel.size() - begin));
            channel.position(begin);
            while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
                // until the window is full or the file ends
            }
            List<String> all = new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8)
                    .lines()
                    .skip(begin == 0 ? 0 : 1)
                    .toList();
            StringBuilder words = new StringBuilder();
            all.subList(Math.max(0, all.size() - lines), all.size())
                    .forEach(line -> words.append("\n  ").append(line));
            return words.toString();
        }
    }
}
