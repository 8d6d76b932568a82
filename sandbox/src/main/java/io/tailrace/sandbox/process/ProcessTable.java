package io.tailrace.sandbox.process;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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

    private static final Pattern FIELD = Pattern.compile("(\\w+):\\s+(\\d{1,15}) kB");

    /** An environment that the kernel takes is shorter, but a process can say that its own is all of its memory. */
    private static final int MAX_BYTES = 8 * 1024 * 1024;

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
            return Optional.of(Files.readSymbolicLink(folder(pid).resolve("cwd")));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** The numbers in one of the process's files that has a name, a colon and a number in each line; nothing when it has ended. */
    static Optional<Map<String, Long>> fields(long pid, String file) {
        return read(pid, file).map(text -> {
            Map<String, Long> fields = new HashMap<>();
            for (String line : text.split("\n", -1)) {
                Matcher field = FIELD.matcher(line);
                if (field.matches()) {
                    fields.put(field.group(1), Long.parseLong(field.group(2)));
                }
            }
            return fields;
        });
    }

    static Path folder(long pid) {
        return PROC.resolve(Long.toString(pid));
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
        try (InputStream in = Files.newInputStream(folder(pid).resolve(file))) {
            return Optional.of(new String(in.readNBytes(MAX_BYTES), StandardCharsets.ISO_8859_1));
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
