package io.tailrace.sandbox.process;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** Finds the file that the first word of a command means, the way a shell does, and says what to do when there is none. */
final class ProgramLookup {

    private static final int LONGEST_INTERPRETER_LINE = 256;

    private ProgramLookup() {}

    /**
     * @param name a path when it holds a slash (relative ones count from the folder), else to be looked for in the environment's PATH
     * @param seen whether a file is there for the command; one that is not is passed over in the PATH
     * @throws CommandNotStarted when there is no such file or it cannot be executed
     */
    static Path find(String name, Map<String, String> environment, Path folder, Predicate<Path> seen)
            throws CommandNotStarted {
        try {
            Path file = name.indexOf('/') >= 0
                    ? folder.resolve(name).normalize()
                    : inPath(name, environment.getOrDefault("PATH", ""), folder, seen);
            requireExecutable(name, file);
            if (!seen.test(file)) {
                throw notSeen(name, file);
            }
            requireInterpreter(name, file);
            return file;
        } catch (InvalidPathException e) {
            throw CommandNotStarted.notFound("argv[0] is not a file name: " + e.getReason() + ".");
        }
    }

    private static CommandNotStarted notSeen(String name, Path file) {
        return CommandNotStarted.notVisible("The program \"" + name + "\" is " + file
                + ", which builds do not see. Let the operator add its folder (and that of what it links to) to "
                + "tailrace.worker.isolation.read-only-paths.");
    }

    private static Path inPath(String name, String path, Path folder, Predicate<Path> seen) throws CommandNotStarted {
        Optional<Path> unseen = Optional.empty();
        for (String entry : path.split(":", -1)) {
            Path file = folder.resolve(entry).resolve(name);
            if (Files.isRegularFile(file) && Files.isExecutable(file)) {
                if (seen.test(file)) {
                    return file;
                }
                unseen = Optional.of(unseen.orElse(file));
            }
        }
        if (unseen.isPresent()) {
            throw notSeen(name, unseen.get());
        }
        throw CommandNotStarted.notFound("The program \"" + name + "\" was not found in PATH (" + path
                + "). Install it on the worker, or give its full path in argv[0].");
    }

    private static void requireExecutable(String name, Path file) throws CommandNotStarted {
        if (!Files.exists(file)) {
            throw CommandNotStarted.notFound("The program \"" + name + "\" does not exist (looked for " + file
                    + "). Correct argv[0], or let an earlier phase create it.");
        }
        if (!Files.isRegularFile(file)) {
            throw CommandNotStarted.notExecutable(
                    "\"" + name + "\" is not a program but a folder or a device (" + file + ").");
        }
        if (!Files.isExecutable(file)) {
            throw CommandNotStarted.notExecutable(
                    "\"" + name + "\" is not executable. Set its x bit (chmod +x), or name its interpreter "
                            + "in argv, for example [\"sh\", \"" + name + "\"].");
        }
    }

    private static void requireInterpreter(String name, Path file) throws CommandNotStarted {
        byte[] start;
        try (InputStream in = PinnedFile.open(file)) {
            start = in.readNBytes(LONGEST_INTERPRETER_LINE);
        } catch (IOException e) {
            return; // not readable, or no file any more: the kernel decides
        }
        String line = new String(start, StandardCharsets.ISO_8859_1).split("\n", 2)[0];
        if (!line.startsWith("#!")) {
            return;
        }
        String interpreter = line.substring(2).replaceFirst("^[ \t]+", "").split("[ \t]", 2)[0];
        if (interpreter.startsWith("/") && !Files.isExecutable(Path.of(interpreter))) {
            throw CommandNotStarted.notFound("\"" + name + "\" asks for the interpreter \"" + interpreter.strip()
                    + "\", which is not on the worker. Install it, or correct the script's first line"
                    + (line.endsWith("\r")
                            ? " (it ends with a carriage return: convert the file to Unix line ends)."
                            : "."));
        }
    }
}
