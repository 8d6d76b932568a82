package io.tailrace.build.process;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything that one build has started, directly or not. Safe from any thread.
 *
 * <p>Each command runs in a session of its own (where the machine has {@code setsid}), so that it has no terminal and that a key pressed
 * in the worker's terminal does not reach it.
 */
public final class ProcessTree implements AutoCloseable {

    private static final List<Path> SETSID = List.of(Path.of("/usr/bin/setsid"), Path.of("/bin/setsid"));

    private final ProcessCensus census;
    private final String build;

    ProcessTree(ProcessCensus census, String build, Path folder) {
        this.census = census;
        this.build = build;
        census.open(build, folder);
    }

    /**
     * Starts a command with exactly this environment (and the mark by which it is found again), no standard input, and two pipes.
     *
     * @param argv the program, found as a shell would find it, and its arguments
     * @param folder where it works
     * @throws CommandNotStarted when there is no such program, or the operating system refuses
     */
    public Process start(List<String> argv, Map<String, String> environment, Path folder) throws CommandNotStarted {
        if (!Files.isDirectory(folder)) {
            throw CommandNotStarted.folderMissing();
        }
        List<String> command = new ArrayList<>();
        SETSID.stream().filter(Files::isExecutable).findFirst().ifPresent(path -> command.add(path.toString()));
        command.add(ProgramLookup.find(argv.getFirst(), environment, folder).toString());
        command.addAll(argv.subList(1, argv.size()));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.directory(folder.toFile());
        builder.redirectInput(new File("/dev/null"));
        try {
            builder.environment().clear();
            builder.environment().putAll(environment);
            builder.environment().put(ProcessMark.VARIABLE, build);
            return census.start(builder, Optional.of(build));
        } catch (IOException | IllegalArgumentException e) {
            throw CommandNotStarted.refused(String.valueOf(e.getMessage()));
        }
    }

    /**
     * Ends all of it: SIGTERM, then after the grace SIGKILL until nothing is left. Blocks for up to the grace and 10 s.
     *
     * @return how many processes could not be ended; 0 unless they belong to another user or hang in the kernel
     */
    public int end(Duration grace) {
        return new ProcessEnder(() -> census.livingOf(build)).end(grace).size();
    }

    /** The processes that are alive now. */
    public int size() {
        return census.livingOf(build).size();
    }

    /** Forgets the tree, which must have been ended. */
    @Override
    public void close() {
        census.close(build);
    }
}
