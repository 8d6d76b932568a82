package io.tailrace.sandbox.process;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Opens files that a build has made, while its processes can still put another thing under the same name. A pipe there
 * would hold whoever opens it until somebody writes, and a device would do whatever it does: so the name is pinned first,
 * which opens nothing, and what it then means is looked at and opened. Stateless.
 *
 * <p>Source: {@code open(2)} O_PATH, and {@code proc(5)} on {@code /proc/self/fd}.
 */
public final class PinnedFile {
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    private PinnedFile() {}

    /**
     * A regular file's bytes; links are followed. Never waits for anything but the disk.
     *
     * @throws NoSuchFileException when there is none, or it may not be reached
     * @throws IOException when it is no regular file, or may not be read
     */
    public static InputStream open(Path file) throws IOException {
        return open(file, true);
    }

    /** Like {@link #open}, of a file that is no link. */
    public static InputStream openNoLink(Path file) throws IOException {
        return open(file, false);
    }

    private static InputStream open(Path file, boolean followLinks) throws IOException {
        int pin = Posix.pin(file, followLinks);
        if (pin < 0) {
            throw new NoSuchFileException(file.toString());
        }
        try {
            Path pinned = DESCRIPTORS.resolve(Integer.toString(pin));
            if (!Files.isRegularFile(pinned)) {
                throw new IOException(file + " is not a regular file");
            }
            return Channels.newInputStream(FileChannel.open(pinned, StandardOpenOption.READ));
        } finally {
            Posix.close(pin);
        }
    }
}
