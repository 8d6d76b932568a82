package io.tailrace.build.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A look at {@code /proc}: every process by pid. Not atomic: processes may start and end while it is taken.
 *
 * <p>Source of the layout: {@code proc_pid_stat(5)}.
 */
record ProcessTable(Map<Long, ProcessEntry> entries) {

    private static final Path PROC = Path.of("/proc");

    /** Fields of {@code stat} counted from the one behind the command's name. */
    private static final int STATE = 0;

    private static final int PARENT = 1;
    private static final int SESSION = 3;
    private static final int THREADS = 17;
    private static final int START_TICKS = 19;

    /** Field of {@code loadavg}: running/all. */
    private static final int TASKS = 3;

    /** Fields of {@code statm}, in pages. */
    private static final int RESIDENT = 1;

    private static final int SHARED = 2;
    private static final int PAGE_BYTES = 4096;

    static ProcessTable take() throws IOException {
        Map<Long, ProcessEntry> entries = new HashMap<>();
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(PROC, "[1-9]*")) {
            for (Path folder : folders) {
                pidOf(folder).ifPresent(pid -> entry(pid).ifPresent(entry -> entries.put(pid, entry)));
            }
        }
        return new ProcessTable(entries);
    }

    /** How many processes and threads the whole machine has: one short read, unlike a look at them. */
    static int tasksOfMachine() throws IOException {
        String text = Files.readString(PROC.resolve("loadavg"));
        String tasks = text.split(" ", -1)[TASKS];
        return Integer.parseInt(tasks.substring(tasks.indexOf('/') + 1));
    }

    /** The process as it is now, if it is still there. */
    static Optional<ProcessEntry> entry(long pid) {
        return read(pid, "stat").flatMap(stat -> parse(pid, stat));
    }

    /** The environment that the process was started with, entries ended by NUL; nothing when it may not be read. */
    static Optional<String> environment(long pid) {
        return read(pid, "environ");
    }

    /** The process's working folder; nothing when it may not be read. */
    static Optional<Path> workingFolder(long pid) {
        try {
            return Optional.of(
                    Files.readSymbolicLink(PROC.resolve(Long.toString(pid)).resolve("cwd")));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** How many bytes of memory of its own the process uses; 0 when it has ended. */
    static long memoryBytes(long pid) {
        return read(pid, "statm")
                .map(text -> text.split(" ", -1))
                .filter(fields -> fields.length > SHARED)
                .map(fields -> PAGE_BYTES * (Long.parseLong(fields[RESIDENT]) - Long.parseLong(fields[SHARED])))
                .orElse(0L);
    }

    static Optional<ProcessEntry> parse(long pid, String stat) {
        int nameEnd = stat.lastIndexOf(')');
        if (nameEnd < 0) {
            return Optional.empty();
        }
        String[] fields = stat.substring(nameEnd + 1).trim().split(" ", -1);
        if (fields.length <= START_TICKS) {
            return Optional.empty();
        }
        return Optional.of(new ProcessEntry(
                pid,
                Long.parseLong(fields[PARENT]),
                Long.parseLong(fields[SESSION]),
                fields[STATE].charAt(0),
                Integer.parseInt(fields[THREADS]),
                Long.parseLong(fields[START_TICKS])));
    }

    private static Optional<String> read(long pid, String file) {
        try {
            byte[] bytes = Files.readAllBytes(PROC.resolve(Long.toString(pid)).resolve(file));
            return Optional.of(new String(bytes, StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            return Optional.empty(); // the process has ended meanwhile, or belongs to somebody else
        }
    }

    private static OptionalLong pidOf(Path folder) {
        try {
            return OptionalLong.of(Long.parseLong(folder.getFileName().toString()));
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }
}
