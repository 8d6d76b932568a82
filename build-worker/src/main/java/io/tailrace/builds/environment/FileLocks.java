package io.tailrace.builds.environment;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Locks between the processes of a machine and the threads of this one. The kernel's locks belong to a process, so what its threads have
 * is counted here; the kernel gives them back when the process ends, however it ends. Lock files are never removed: one that is removed
 * while it is waited for locks nothing. Safe from any thread; nothing blocks.
 */
final class FileLocks {

    /** Of all stores of this JVM. */
    private static final Map<Path, Held> HELD = new HashMap<>();

    private FileLocks() {}

    /** Takes it for oneself, if nobody has it in any way. */
    static Optional<AutoCloseable> tryExclusive(Path file) throws IOException {
        synchronized (HELD) {
            if (HELD.containsKey(file)) {
                return Optional.empty();
            }
            return lock(file, false);
        }
    }

    /** Takes it with others, if nobody has it for himself. */
    static Optional<AutoCloseable> tryShared(Path file) throws IOException {
        synchronized (HELD) {
            Held held = HELD.get(file);
            if (held != null && held.exclusive) {
                return Optional.empty();
            }
            if (held != null) {
                held.holders++;
                return Optional.of(() -> release(file));
            }
            return lock(file, true);
        }
    }

    private static Optional<AutoCloseable> lock(Path file, boolean shared) throws IOException {
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock(0, Long.MAX_VALUE, shared);
        if (lock == null) {
            channel.close();
            return Optional.empty();
        }
        HELD.put(file, new Held(channel, !shared));
        return Optional.of(() -> release(file));
    }

    private static void release(Path file) throws IOException {
        synchronized (HELD) {
            Held held = HELD.get(file);
            if (held == null) {
                throw new IllegalStateException(file + " is not locked");
            }
            held.holders--;
            if (held.holders == 0) {
                HELD.remove(file);
                held.channel.close();
            }
        }
    }

    private static final class Held {
        private final FileChannel channel;
        private final boolean exclusive;
        private int holders = 1;

        Held(FileChannel channel, boolean exclusive) {
            this.channel = channel;
            this.exclusive = exclusive;
        }
    }
}
