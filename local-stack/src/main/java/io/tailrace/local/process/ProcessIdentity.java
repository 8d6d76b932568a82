package io.tailrace.local.process;

import io.tailrace.local.folder.WholeFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A process of this machine: its pid together with the moment it started, so that a pid which the system has given to
 * somebody else meanwhile is not taken for ours.
 */
public record ProcessIdentity(long pid, Instant startedAt) {

    /** The kernel derives start times from the boot time, which moves a little when the clock is set. */
    private static final Duration TOLERANCE = Duration.ofSeconds(2);

    /** No process at all. */
    public static final ProcessIdentity NOBODY = new ProcessIdentity(0, Instant.EPOCH);

    /** This process, to the precision of what is written. */
    public static ProcessIdentity current() {
        ProcessIdentity exact = of(ProcessHandle.current());
        return new ProcessIdentity(exact.pid, Instant.ofEpochMilli(exact.startedAt.toEpochMilli()));
    }

    static ProcessIdentity of(ProcessHandle handle) {
        return new ProcessIdentity(handle.pid(), handle.info().startInstant().orElse(Instant.EPOCH));
    }

    /** The running process with this identity; empty when it has ended, whoever has its pid now. */
    public Optional<ProcessHandle> running() {
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .filter(this::startedWhenWeSay)
                .filter(handle -> !hasEndedUnreaped());
    }

    /**
     * In a container whose first process does not collect orphans, an ended process keeps its entry for ever. The entry
     * of a killed one says so while other threads of it still hold files and locks: those are waited for.
     */
    private boolean hasEndedUnreaped() {
        Path entry = Path.of("/proc", Long.toString(pid));
        try (Stream<Path> threads = Files.list(entry.resolve("task"))) {
            String stat = Files.readString(entry.resolve("stat"));
            int afterName = stat.lastIndexOf(')') + 2;
            return afterName < stat.length() && "ZX".indexOf(stat.charAt(afterName)) >= 0 && threads.count() <= 1;
        } catch (IOException noSuchFileSystemOrGone) {
            return false;
        }
    }

    private boolean startedWhenWeSay(ProcessHandle handle) {
        Instant actual = handle.info().startInstant().orElse(Instant.EPOCH);
        return Duration.between(startedAt, actual).abs().compareTo(TOLERANCE) <= 0;
    }

    /** Replaces {@code file} as a whole, so that no reader sees half of it. */
    public void write(Path file) throws IOException {
        WholeFiles.write(file, pid + " " + startedAt.toEpochMilli() + "\n");
    }

    /** What {@link #write} wrote; empty when there is no such file or its content is not ours. */
    public static Optional<ProcessIdentity> read(Path file) throws IOException {
        try {
            String[] words = Files.readString(file).trim().split(" ", -1);
            if (words.length != 2) {
                return Optional.empty();
            }
            return Optional.of(
                    new ProcessIdentity(Long.parseLong(words[0]), Instant.ofEpochMilli(Long.parseLong(words[1]))));
        } catch (NoSuchFileException | NumberFormatException absent) {
            return Optional.empty();
        }
    }
}
