package io.tailrace.local.process;

import io.tailrace.local.folder.Folders;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How a child process is started.
 *
 * @param command program and arguments; no shell is involved
 * @param environment all of it; what this process has itself is not inherited
 * @param output file that gets standard output and error, appended
 * @param pidFile where the child's {@link ProcessIdentity} is written
 * @param attached the child's standard input is a pipe that ends when this process does; otherwise it is empty
 */
public record Launch(
        List<String> command,
        Map<String, String> environment,
        Path directory,
        Path output,
        Path pidFile,
        boolean attached) {

    private static final File NOTHING = new File("/dev/null");

    public Launch {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
    }

    /** Starts it in a terminal session of its own, so that a Ctrl-C meant for the parent does not reach it. */
    public ChildProcess start() throws IOException {
        Folders.createdFor(output);
        Folders.createdFor(pidFile);
        List<String> full = new ArrayList<>(ownSession());
        full.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(full)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
                .redirectInput(attached ? ProcessBuilder.Redirect.PIPE : ProcessBuilder.Redirect.from(NOTHING));
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process process = builder.start();
        ProcessIdentity identity = ProcessIdentity.of(process.toHandle());
        identity.write(pidFile);
        return new ChildProcess(identity, Optional.of(process));
    }

    /** {@code setsid} and the shell's {@code exec} both keep the pid. */
    private static List<String> ownSession() {
        return Stream.of("/usr/bin/setsid", "/bin/setsid")
                .filter(program -> Files.isExecutable(Path.of(program)))
                .findFirst()
                .map(List::of)
                .orElse(List.of("/bin/sh", "-c", "trap '' INT HUP; exec \"$@\"", "sh"));
    }
}
