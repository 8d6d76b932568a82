package io.tailrace.local.broker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees that a file was replaced, by its time, and says so; on a thread of its own, for as long as the process lives. What
 * could not be taken up is tried again with every look, and said once.
 */
final class FileWatch {

    private static final Logger log = LoggerFactory.getLogger(FileWatch.class);
    private static final Duration EVERY = Duration.ofSeconds(1);

    private final Path file;
    private final Runnable replaced;
    private FileTime taken;
    private Optional<FileTime> refused = Optional.empty();
    private boolean gone;

    /**
     * From now on each replacement counts, also one before {@link #start}.
     *
     * @param replaced called for each until it throws nothing
     */
    FileWatch(Path file, Runnable replaced) throws IOException {
        this.file = file;
        this.replaced = replaced;
        this.taken = Files.getLastModifiedTime(file);
    }

    void start() {
        Thread.ofPlatform().daemon().name("watch-" + file.getFileName()).start(this::run);
    }

    private void run() {
        while (!Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(EVERY.toNanos());
            look();
        }
    }

    /** Confined to one thread. */
    void look() {
        FileTime now = time();
        if (now.equals(taken)) {
            return;
        }
        try {
            replaced.run();
            taken = now;
            log.info("{} was replaced, and is used from now on", file);
        } catch (RuntimeException failed) {
            if (!refused.equals(Optional.of(now))) {
                log.error("{} was replaced, and cannot be used; the one before it still is", file, failed);
            }
            refused = Optional.of(now);
        }
    }

    /** One that cannot be read counts as not replaced. */
    private FileTime time() {
        try {
            FileTime now = Files.getLastModifiedTime(file);
            gone = false;
            return now;
        } catch (IOException unreadable) {
            if (!gone) {
                log.warn("{} cannot be read; what it had is still used", file, unreadable);
            }
            gone = true;
            return taken;
        }
    }
}
